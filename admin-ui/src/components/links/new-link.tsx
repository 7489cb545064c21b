import type { JSX } from "preact";
import type { NewLinkView } from "../../../../src/admin/schema/types.ts";
import { CopyOnce } from "../fields/copy-once.tsx";

export function NewLink({ link }: { readonly link: NewLinkView }): JSX.Element {
  const { url, query, label } = link;
  return (
    <CopyOnce
      title={`The link for ${label}`}
      text={url ?? `?${query}`}
      isShared={url !== null}
      note={
        url === null
          ? "Add this to any address of the site. It is shown this once: copy it now."
          : "It is shown this once: copy it now."
      }
    />
  );
}
