import type { JSX } from "preact";
import { SignInForm } from "../components/sign-in-form.tsx";
import type { SignedOut } from "../state/session.ts";

export function SignInView(props: SignedOut): JSX.Element {
  return (
    <div class="narrow">
      <h1 tabIndex={-1}>Sign in</h1>
      <SignInForm {...props} />
    </div>
  );
}
