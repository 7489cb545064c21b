import type { JSX } from "preact";
import type { SignedOut } from "../state/session.ts";
import { Modal } from "./modal.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Above what is on the screen, which stays as it is, with what was typed. */
export function SignInAgain(props: SignedOut): JSX.Element {
  return (
    <Modal title="Your session has ended." onCancel={() => undefined}>
      <div class="stack">
        <SignInForm {...props} />
      </div>
    </Modal>
  );
}
