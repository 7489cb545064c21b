import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../../language/current.ts";
import type { Said } from "../../language/said.ts";
import { SaidText } from "../../language/said-text.tsx";
import { Modal } from "./modal.tsx";

interface Question {
  readonly title: string;
  readonly text: Said;
  readonly deed: string;
  readonly work: () => void;
}

/** Asks once before what cannot be undone. */
export function useConfirm(): { readonly ask: (question: Question) => void; readonly dialog: JSX.Element | null } {
  const question = useSignal<Question | null>(null);
  const asked = question.value;
  const forget = (): void => {
    question.value = null;
  };
  const dialog =
    asked === null ? null : (
      <Modal title={asked.title} onCancel={forget}>
        <div class="stack">
          <p class="sentence">
            <SaidText said={asked.text} />
          </p>
          <div class="actions">
            <button
              type="button"
              class="primary"
              onClick={() => {
                forget();
                asked.work();
              }}
            >
              {asked.deed}
            </button>
            <button type="button" onClick={forget}>
              {t().cancel}
            </button>
          </div>
        </div>
      </Modal>
    );
  return {
    ask: (next) => {
      question.value = next;
    },
    dialog,
  };
}
