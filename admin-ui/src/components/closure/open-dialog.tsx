import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { open } from "../../api.ts";
import { openingSentences } from "../../model/switch-sentence.ts";
import { everythingMode } from "../../state/sites/site-cache.ts";
import { SwitchForm } from "./switch-form.tsx";

export function OpenDialog({ sites }: { readonly sites: readonly SiteView[] }): JSX.Element {
  return (
    <SwitchForm
      sites={sites}
      deed="open"
      mode="open"
      sentence={openingSentences(sites, everythingMode())}
      work={(request) => open({ sites: sites.map(({ id }) => id), ...request })}
      inputs={[]}
      pointers={[]}
    >
      {() => null}
    </SwitchForm>
  );
}
