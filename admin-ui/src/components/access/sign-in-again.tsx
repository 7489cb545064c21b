import type { JSX } from "preact";
import { t } from "../../language/current.ts";
import { interrupted } from "../../state/drafts/interrupted.ts";
import type { SignedOut } from "../../state/session/session.ts";
import { Modal } from "../page/modal.tsx";
import { SignInForm } from "./sign-in-form.tsx";

/** Above what is on the screen, which stays as it is, with what was typed. */
export function SignInAgain(props: SignedOut): JSX.Element {
  const { ended, inputKept, thenContinues } = t().access;
  const note = props.note ?? (interrupted.value === null ? inputKept : thenContinues);
  return (
    <Modal title={ended} onCancel={null}>
      <div class="stack">
        <SignInForm {...props} note={note} />
      </div>
    </Modal>
  );
}
