import type { JSX } from "preact";
import { SignInForm } from "../components/access/sign-in-form.tsx";
import { t } from "../language/current.ts";
import { INSTALLATION } from "../state/session/installation.ts";
import type { SignedOut } from "../state/session/session.ts";

/** As the server's own form looks, of which it takes the place. */
export function SignInView(props: SignedOut): JSX.Element {
  return (
    <div class="narrow">
      <h1 tabIndex={-1}>{t().signIn}</h1>
      <p class="quiet">{INSTALLATION}</p>
      <SignInForm {...props} />
    </div>
  );
}
