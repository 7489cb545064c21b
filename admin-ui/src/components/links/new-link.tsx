import type { JSX } from "preact";
import type { NewLinkView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { CopyOnce } from "../fields/copy-once.tsx";

export function NewLink({ link }: { readonly link: NewLinkView }): JSX.Element {
  const { url, query, label } = link;
  return (
    <CopyOnce
      title={t().links.made(label)}
      text={url ?? `?${query}`}
      isShared={url !== null}
      note={url === null ? t().links.shownOnceQuery : t().links.shownOnce}
    />
  );
}
