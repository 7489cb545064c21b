import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { open } from "../../api.ts";
import { openingSentence } from "../../model/switch-sentence.ts";
import { everythingMode } from "../../state/sites/site-cache.ts";
import { SwitchForm } from "./switch-form.tsx";

export function OpenDialog({ sites }: { readonly sites: readonly SiteView[] }): JSX.Element {
  return (
    <SwitchForm
      sites={sites}
      deed="open"
      verb="Open"
      mode="open"
      sentence={openingSentence(sites, everythingMode())}
      work={(request) => open({ sites: sites.map(({ id }) => id), ...request })}
      inputs={[]}
      pointers={[]}
    >
      {() => null}
    </SwitchForm>
  );
}
