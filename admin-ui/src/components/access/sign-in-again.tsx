import type { JSX } from "preact";
import { interrupted } from "../../state/drafts/interrupted.ts";
import type { SignedOut } from "../../state/session/session.ts";
import { Modal } from "../page/modal.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Above what is on the screen, which stays as it is, with what was typed. */
export function SignInAgain(props: SignedOut): JSX.Element {
  const note = interrupted.value === null ? props.note : `${props.note} What you asked for last is done then.`;
  return (
    <Modal title="Your session has ended." onCancel={null}>
      <div class="stack">
        <SignInForm {...props} note={note} />
      </div>
    </Modal>
  );
}
