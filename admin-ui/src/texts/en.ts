import { en as shared } from "../../../src/admin/page/texts/en.ts";
import type { Target, Words } from "../../../src/admin/page/words.ts";

/** The end of a closure, of a link or of a token: how long it is until then, and when that is. */
interface Ending {
  readonly span: string;
  readonly end: string;
}

/** How many processes have applied the last change, how many follow, and which of them have not. */
interface FleetCounts {
  readonly count: number;
  readonly total: number;
  readonly names: readonly string[];
}

/** The source: `Texts` is what this returns, so that a text that another language lacks is an error of its types. */
export const en = (words: Words) => {
  const { plural, list, number, on } = words;
  return {
    ...shared(words),
    language: "Language",
    working: "Working…",
    loading: "Loading…",
    remove: "Remove",
    removeItem: (item: string) => `Remove ${item}`,
    revoke: "Revoke",
    revokeItem: (item: string) => `Revoke ${item}`,
    undo: "Undo",
    dismiss: "Dismiss",
    reload: "Continue to the full page",
    time: {
      lessThanAMinute: "less than a minute",
      justNow: "just now",
      dayAndHour: ({ day, hour }: { readonly day: string; readonly hour: string }) => `${day} ${hour}`,
    },
    nav: {
      skip: "Skip to content",
      menu: "Menu",
      main: "Main",
      links: "Links",
      history: "History",
      access: "Access",
    },
    notFound: {
      title: "Page not found",
      text: (address: string) => `There is no page at ${address}.`,
      back: "Back to sites",
    },
    health: {
      connection: "Connection",
      lost: "Connection lost. This page may be out of date.",
      reconnecting: (ago: string) => `Last response ${ago}. Trying to reconnect.`,
      override: "Override",
      overridden: "An override is set. Opening and closing sites has no effect.",
      overriddenBy: ({ where, mode }: { readonly where: string; readonly mode: string }) =>
        `${where} sets every site to “${mode}”. Remove it there to use the switches again.`,
      store: "Store",
      stale: "The store is not responding. Changes may fail.",
      noResponse: (store: string) => `${store}: no response.`,
      lastContact: (ago: string) => `Last contact ${ago}.`,
      lastKnown: "Visitors get the last known state.",
      unreachable: "The server can’t be reached. Check your connection and try again.",
      uncertain:
        "The server did not respond, so your change may not have been saved. Check your connection and reload the page.",
      strange: (status: number) => `A proxy or another server responded with status ${status}.`,
    },
    fleet: {
      title: "Processes",
      all: ({ count }: { readonly count: number }) =>
        plural(count, {
          one: "# process follows, and has applied the last change.",
          other: "# processes follow, and all have applied the last change.",
        }),
      some: ({ count, total, names }: FleetCounts) =>
        `The last change is applied by ${number(count)} of ${number(total)} processes. Not by: ${list(names)}.`,
      none: "No process follows this state. Check that the application runs, and uses this store.",
      unreachable: "The list of processes can’t be read.",
      noGroup: (group: string) => `No process names the group ${group}. Closing it has no effect.`,
      heard: (ago: string) => `heard ${ago}`,
      states: {
        applied: "applied",
        behind: "not applied yet",
        "other-lineage": "follows another state",
        overridden: "overridden",
        unguarded: "does not check requests",
        unreadable: "unreadable",
        silent: "silent",
        leaving: "shutting down",
        ended: "ended",
        "not-mine": "not concerned",
      },
    },
    access: {
      token: "Token",
      useToken: "Use a token",
      usePassword: "Use the password",
      wrongToken: "This token is not valid. Check it and try again.",
      countdown: (left: string) => `Too many attempts. Try again in ${left}.`,
      orApplication: "Already signed in to the application?",
      useApplication: "Continue",
      everyoneSignedOut: "Everyone is signed out.",
      ended: "Your session has ended",
      inputKept: "Sign in again. Your input has been kept.",
      thenContinues: "Sign in again. Your input has been kept, and your last action will be completed.",
      sessions: "Sessions",
      signOutEveryone: "Sign everyone out",
      askSignOutEveryone: "Sign everyone out?",
      signOutEveryoneText: "All sessions end, including yours. Tokens remain valid.",
      tokens: "Active tokens",
      noTokens: "No tokens yet.",
      tokenRights: ({ name, rights }: { readonly name: string; readonly rights: string }) => `${name}: ${rights}`,
      allSites: "Valid for all sites.",
      onlySites: (sites: readonly string[]) => `Valid for ${list(sites)}.`,
      noExpiry: "Does not expire.",
      expires: (end: string) => `Expires ${end}.`,
      created: ({ by, ago }: { readonly by: string; readonly ago: string }) => `Created by ${by}, ${ago}.`,
      askRevoke: (name: string) => `Revoke ${name}?`,
      revokeText: "Anything that uses this token loses access. This cannot be undone.",
      revoked: (name: string) => `Token ${name} revoked.`,
      newToken: "Create a token",
      create: "Create token",
      name: "Name",
      nameHint: "Shown in the history",
      rights: "Permissions",
      right: {
        view: "View: see everything except secrets",
        switch: "Switch: open and close sites",
        edit: "Edit: change settings and exemptions",
        links: "Links: create and revoke bypass links",
        access: "Access: manage tokens and sessions",
      },
      rightName: { view: "View", switch: "Switch", edit: "Edit", links: "Links", access: "Access" },
      only: "Limit to sites (optional)",
      onlyHint: "Names, separated by commas: shop, blog",
      tokenTitle: (name: string) => `Token ${name}`,
    },
    /** Why something is disabled; in parentheses the permission that it takes. */
    refusal: {
      view: (site: Target) =>
        on(site, {
          site: (id) => `You don’t have permission to view ${id} (View).`,
          all: "You don’t have permission to view all sites (View).",
        }),
      switch: (site: Target) =>
        on(site, {
          site: (id) => `You don’t have permission to open or close ${id} (Switch).`,
          all: "You don’t have permission to open or close all sites (Switch).",
        }),
      edit: (site: Target) =>
        on(site, {
          site: (id) => `You don’t have permission to change ${id} (Edit).`,
          all: "You don’t have permission to change all sites (Edit).",
        }),
      links: (site: Target) =>
        on(site, {
          site: (id) => `You don’t have permission to manage the links of ${id} (Links).`,
          all: "You don’t have permission to manage links for all sites (Links).",
        }),
      access: "You don’t have permission to manage tokens and sessions (Access).",
    },
    list: {
      searchHint: "Name or host",
      show: "Show",
      all: "All",
      order: "Sort by",
      byName: "Name",
      closedFirst: "Closed first",
      lastChanged: "Last changed",
      selectAll: "Select all shown",
      select: (site: string) => `Select ${site}`,
      summary: ({ total, closed }: { readonly total: number; readonly closed: number }) =>
        `${plural(total, { one: "# site", other: "# sites" })}, ${closed === 0 ? "all open" : `${number(closed)} not open`}`,
      found: ({ total, closed }: { readonly total: number; readonly closed: number }) =>
        `${plural(total, { one: "# site found", other: "# sites found" })}, ${closed === 0 ? "all open" : `${number(closed)} not open`}`,
      shown: ({ shown, total }: { readonly shown: number; readonly total: number }) =>
        `Showing ${number(shown)} of ${number(total)}`,
      more: "Show more",
      noMatch: "No sites match. Try another name or host.",
      selected: (count: number) => plural(count, { one: "# site selected", other: "# sites selected" }),
      selection: "Selected sites",
      selectNone: "Clear selection",
      everything: "Applies to every site",
      group: "Group without hosts",
      hosts: ({ hosts, more }: { readonly hosts: readonly string[]; readonly more: number }) =>
        more === 0 ? list(hosts) : `${hosts.join(", ")} and ${number(more)} more`,
      addTitle: "Add a site",
      add: "Add site",
      name: "Name",
      nameHint: "Lowercase letters, digits and hyphens",
      hostsField: "Hosts (optional)",
      hostsHint: "Such as shop.example. A site without hosts is a group.",
      added: (site: string) => `${site} was added.`,
    },
    parts: {
      switch: "Overview",
      exemptions: "Exemptions",
      links: "Links",
      message: "Message",
      answer: "Settings",
      history: "History",
    },
    /** The state of a site, beside the word for its mode. */
    state: {
      until: ({ span, end, zone }: Ending & { readonly zone: string }) => `for ${span}, until ${end} (${zone})`,
      by: (site: Target) => on(site, { site: (id) => `set by ${id}`, all: "set for all sites" }),
      elsewhere: ({ own, site }: { readonly own: string; readonly site: string }) =>
        `This site itself is set to “${own}”. What visitors get is set by ${site}.`,
      changed: ({ by, ago }: { readonly by: string; readonly ago: string }) => `Last changed by ${by}, ${ago}.`,
      changedWhy: ({ by, ago, reason }: { readonly by: string; readonly ago: string; readonly reason: string }) =>
        `Last changed by ${by}, ${ago}: ${reason}`,
      /** The change that another user made to the site on display. */
      news: ({ by, site }: { readonly by: string; readonly site: Target }) =>
        on(site, { site: (id) => `${by} changed ${id}.`, all: `${by} changed the setting for all sites.` }),
      newMode: ({ by, site, mode }: { readonly by: string; readonly site: Target; readonly mode: string }) =>
        on(site, { site: (id) => `${by} set ${id} to “${mode}”.`, all: `${by} set all sites to “${mode}”.` }),
    },
    switching: {
      closeShort: "Close",
      openShort: "Open",
      open: (target: Target) =>
        on(target, {
          site: (id) => `Open ${id}`,
          all: "Open all sites",
          several: { one: "Open # site", other: "Open # sites" },
        }),
      askOpen: (target: Target) =>
        on(target, {
          site: (id) => `Open ${id}?`,
          all: "Open all sites?",
          several: { one: "Open # site?", other: "Open # sites?" },
        }),
      change: (target: Target) =>
        on(target, {
          site: (id) => `Update ${id}`,
          all: "Update all sites",
          several: { one: "Update # site", other: "Update # sites" },
        }),
      askChange: (target: Target) =>
        on(target, {
          site: (id) => `Update ${id}?`,
          all: "Update all sites?",
          several: { one: "Update # site?", other: "Update # sites?" },
        }),
      done: {
        open: (target: Target) =>
          on(target, {
            site: (id) => `${id} is open.`,
            all: "All sites are open.",
            several: { one: "# site is open.", other: "# sites are open." },
          }),
        closed: (target: Target) =>
          on(target, {
            site: (id) => `${id} is closed.`,
            all: "All sites are closed.",
            several: { one: "# site is closed.", other: "# sites are closed." },
          }),
        "read-only": (target: Target) =>
          on(target, {
            site: (id) => `${id} is read-only.`,
            all: "All sites are read-only.",
            several: { one: "# site is read-only.", other: "# sites are read-only." },
          }),
      },
      reason: "Reason (optional)",
      reasonHint: "Shown in the history",
      overridden: "An override is set, so this has no effect.",
      howToClose: "Closure options",
      howClosed: "Current closure",
      preview: "Preview",
      lastingTexts: "Edit the permanent message and status page",
      unsaved: "Your unsaved changes apply to this closure and end with it.",
      languages: (languages: readonly string[]) => `Message also in ${list(languages)}.`,
      ownRequest: (address: string) => `Your own request from ${address}:`,
    },
    /** The effects of closing and opening, in one sentence each. The first of each has `visitors` as its subject. */
    effect: {
      visitorsOfHosts: ({ hosts, more }: { readonly hosts: readonly string[]; readonly more: number }) =>
        `Visitors to ${more === 0 ? list(hosts) : plural(more, { one: `${hosts.join(", ")} and # more host`, other: `${hosts.join(", ")} and # more hosts` })}`,
      visitorsOfGroup: (group: string) => `Visitors to all sites in ${group}`,
      visitorsOfAll: "Visitors to all sites",
      visitorsOfSites: ({ count, names, more }: SeveralSites) =>
        `Visitors to ${plural(count, { one: "# site", other: "# sites" })} (${more === 0 ? list(names) : `${names.join(", ")} and ${number(more)} more`})`,
      message: ({ visitors, message }: { readonly visitors: string; readonly message: string }) =>
        `${visitors} will see “${message}”.`,
      ownPages: (visitors: string) => `${visitors} will see each site’s own message.`,
      builtIn: (visitors: string) => `${visitors} will see the built-in page.`,
      redirect: ({ visitors, address }: { readonly visitors: string; readonly address: string }) =>
        `${visitors} will be redirected to ${address}.`,
      readOnly: (visitors: string) => `${visitors} can read but not make changes.`,
      only: (paths: readonly string[]) => `Only ${list(paths)} will be affected.`,
      until: ({ span, end, zone }: Ending & { readonly zone: string }) =>
        `Opens automatically after ${span}: ${end} (${zone}).`,
      endless: "Stays this way until you open it again.",
      opens: (visitors: string) => `${visitors} get access again immediately. Settings of this closure end with it.`,
      staysClosed: ({ visitors, mode }: { readonly visitors: string; readonly mode: string }) =>
        `${visitors} do not get access yet, because all sites are set to “${mode}”.`,
      invalidEnd: "Choose a valid end first.",
    },
    end: {
      legend: "Until",
      never: "No end",
      at: "Date and time",
      atLabel: "End date and time",
      asNow: (end: string) => `Unchanged: ${end}`,
      asNowNone: "Unchanged: no end",
      missing: "Enter a date and a time.",
      past: "This time has passed. Choose a later one.",
      mode: "Mode",
    },
    message: {
      hintOne: "For this closure only. If empty, visitors see the built-in text in their language.",
      hintSeveral: "For this closure only. If empty, each site keeps its own message.",
      inLanguage: (language: string) => `Message in ${language}`,
      addLanguage: "Add a language",
      choose: "Choose…",
      other: "Other…",
      tag: "Language tag",
      tagHint: "Such as el for Greek, or pt-BR",
      invalidTag: (typed: string) => `“${typed}” is not a language tag. Enter one such as el or pt-BR.`,
      add: "Add language",
      lasting: "These texts apply to every closure. For a single closure, enter a message when you close the site.",
      ofClosure:
        "These texts apply to the current closure. The previous ones return when it ends, unless you save changes here.",
      language: "Language",
      allLanguages: "All languages",
      title: "Title",
      titleHint: "If empty, visitors see the built-in text in their language.",
      translationHint: "If empty, the text for all languages applies. A language without texts is removed.",
      message: "Message",
      url: "Status page",
      urlHint: "Link to more information, such as https://status.example/",
    },
    preview: {
      title: "Preview",
      text: "This is what visitors will see. The preview does not close anything.",
      language: "Visitor’s language",
      width: "Width",
      narrow: "Narrow",
      wide: "Wide",
      colours: "Appearance",
      light: "Light",
      dark: "Dark",
      stage: "Page preview, scrollable",
      frame: (language: string) => `Preview in ${language}`,
    },
    exemptions: {
      title: "Exemptions",
      lockdown: "Lockdown is on. No exemptions apply while the site is closed.",
      lasting: "Exemptions added here are permanent.",
      forClosure: "Add them for one closure only",
      addresses: "Addresses",
      address: "Address or range",
      addressHint: "10.0.0.42, or a range such as 10.0.0.0/8",
      noAddresses: "No exempt addresses.",
      addAddress: "Add address",
      paths: "Paths",
      path: "Path",
      pathHint: "/health, or everything below a path: /blog/*",
      noPaths: "No exempt paths.",
      addPath: "Add path",
      description: "Description (optional)",
      descriptionHint: "For example, a name or a team",
      valid: "Valid",
      untilOpen: (site: Target) => on(site, { site: (id) => `Until ${id} opens`, all: "Until all sites open" }),
      permanent: "Permanently",
      added: (item: string) => `${item} is exempt.`,
      addedUntil: ({ item, site }: { readonly item: string; readonly site: Target }) =>
        on(site, {
          site: (id) => `${item} is exempt until ${id} opens.`,
          all: `${item} is exempt until all sites open.`,
        }),
      removed: (item: string) => `${item} is no longer exempt.`,
      askAdd: (item: string) => `Add ${item}?`,
      addAnyway: "Add anyway",
      ofClosure: "Exemptions for this closure",
      addressOrPath: "Address, range or path",
      addressOrPathHint: "10.0.0.0/8 or /help/*",
      add: "Add exemption",
      ownAddress: (address: string) => `Your address is ${address}.`,
      useOwn: "Use it",
      summary: ({ addresses, paths, links }: Readonly<Record<"addresses" | "paths" | "links", number>>) =>
        `Exempt: ${list([
          ...(addresses === 0 ? [] : [plural(addresses, { one: "# address", other: "# addresses" })]),
          ...(paths === 0 ? [] : [plural(paths, { one: "# path", other: "# paths" })]),
          ...(links === 0 ? [] : [plural(links, { one: "# bypass link", other: "# bypass links" })]),
        ])}`,
      summaryNone: "No exemptions or bypass links",
      summaryLockdown: "Lockdown is on: exemptions do not apply",
      check: "Please check",
      elsewhere: "From other sources",
      nothingElsewhere: "No exemptions from other sources.",
      kinds: {
        surface: "Admin path",
        address: "Address",
        path: "Path",
        method: "Method",
        link: "Bypass link",
        user: "Users",
        "test-run": "Test run",
      },
      configured: "Set in the configuration",
      setFor: (site: Target) => on(site, { site: (id) => `Set for ${id}`, all: "Set for all sites" }),
      hidden: (count: number) =>
        plural(count, {
          one: "# more rule that you don’t have permission to see.",
          other: "# more rules that you don’t have permission to see.",
        }),
    },
    explain: {
      title: "Test a request",
      address: "Client address (optional)",
      method: "Method",
      user: "User",
      users: {
        "": "Unknown",
        anonymous: "Not signed in",
        authenticated: "Signed in",
        staff: "Staff",
        superuser: "Superuser",
      },
      submit: "Test",
      allowed: (reason: string) => `Allowed: ${reason}.`,
      blocked: (reason: string) => `Blocked: ${reason}.`,
      depends: {
        user: "This depends on the user. Choose a kind of user.",
        operation: "This depends on whether the application treats the request as read access.",
      },
      ifClosed: "If the site were closed:",
      reasons: {
        "operator-surface": "the path belongs to the admin",
        "route-forced-open": "the route is always open",
        "route-forced-closed": "the route is always closed",
        "override-open": "an override keeps everything open",
        "override-closed": "an override keeps everything closed",
        "never-loaded": "the state could not be loaded",
        fenced: "the process cannot reach its store while a command waits for it",
        open: "the site is open",
        "out-of-scope": "the closure does not cover this path",
        "safe-method": "the request only reads data",
        "read-path": "the path only reads data",
        "read-operation": "the application treats it as read access",
        "test-run": "this is a test run",
        address: "the address is exempt",
        path: "the path is exempt",
        method: "the method is exempt",
        "redirect-target": "it is the target of the redirect",
        "bypass-link": "it uses a bypass link",
        "bypass-cookie": "it has the cookie of a bypass link",
        user: "the user is exempt",
        mode: "the site is closed and no exemption applies",
        "read-only": "the request writes data, the site is read-only, and no exemption applies",
        lockdown: "the site is in lockdown, so no exemptions apply",
      },
      rule: ({ rule, source }: { readonly rule: string; readonly source: string }) => `Rule: ${rule} (${source})`,
      answer: (status: number) => `Response: ${status}`,
    },
    links: {
      title: "Links",
      text: "A bypass link gives access to the site while it is closed.",
      textAll:
        "A bypass link gives access while a site is closed. Links created here work for all sites. To create a link for one site, go to that site.",
      newLink: "Create a link",
      create: "Create link",
      recipient: "Recipient",
      validFor: "Valid for",
      untilOpen: "Until it opens",
      untilRevoked: "Until revoked",
      active: "Active links",
      none: "No links yet.",
      created: ({ by, ago }: { readonly by: string; readonly ago: string }) => `Created by ${by}, ${ago}.`,
      validUntilOpen: (site: Target) =>
        on(site, { site: (id) => `Valid until ${id} opens.`, all: "Valid until all sites open." }),
      validUntilRevoked: "Valid until revoked.",
      expired: (end: string) => `Expired ${end}.`,
      valid: ({ span, end }: Ending) => `Valid for ${span}, until ${end}.`,
      validOrOpen: ({ span, end, site }: Ending & { readonly site: Target }) =>
        on(site, {
          site: (id) => `Valid for ${span}, until ${end} or until ${id} opens.`,
          all: `Valid for ${span}, until ${end} or until all sites open.`,
        }),
      revoked: (label: string) => `Link for ${label} revoked.`,
      revokeAll: "Revoke all",
      askRevokeAll: "Revoke all links?",
      revokeAllText: "Everyone who uses one of these links loses access immediately. This cannot be undone.",
      allRevoked: "All links revoked.",
      made: (label: string) => `Link for ${label}`,
      shownOnce: "Copy it now. It will not be shown again.",
      shownOnceQuery: "Copy it now and add it to any address of the site. It will not be shown again.",
      copy: "Copy",
      share: "Share",
      copied: "Copied.",
      shared: "Shared.",
      copySelected: "Selected. Copy it with your keyboard.",
    },
    settings: {
      title: "Settings",
      scope: "What is closed",
      paths: "Only these paths",
      pathsHint: "One per line, such as /checkout/*. If empty, the whole site is closed.",
      lockdown: "Lockdown",
      lockdownHint: "No exemptions apply while the site is closed. The admin stays available.",
      hosts: "Hosts",
      moreHosts: "Additional hosts",
      hostsHint: "One per line, such as shop.example",
      moreHostsHint: (hosts: string) => `One per line. Set in the configuration: ${hosts}`,
      response: "Response",
      status: "Status code",
      statusHint: "400 to 599. Default: 503",
      retryAfter: "Retry-After",
      refresh: "Refresh",
      secondsHint: "Seconds. 0 to omit",
      redirect: "Redirect",
      redirectHint: "A path such as /down, or a full URL. Browsers are sent there instead of seeing the page.",
      removeTitle: "Remove site",
      removeThis: "Remove this site",
      askRemove: (site: string) => `Remove ${site}?`,
      removeText: "Its settings, exemptions and links will be removed. This cannot be undone.",
      removed: (site: string) => `${site} was removed.`,
    },
    saving: {
      bar: "Unsaved changes",
      unsaved: ({ count, fields }: { readonly count: number; readonly fields: readonly string[] }) =>
        plural(count, { one: `# unsaved change: ${list(fields)}`, other: `# unsaved changes: ${list(fields)}` }),
      save: "Save",
      discard: "Discard",
      saved: "Saved.",
      discarded: "Changes discarded.",
      otherChanged: (by: string) => `${by} has changed other settings of this site. Save again to keep both.`,
      otherChangedUnknown: "Another user has changed other settings of this site. Save again to keep both.",
      error: ({ field, problem }: { readonly field: string; readonly problem: string }) => `${field}: ${problem}`,
    },
    conflict: {
      label: "Conflict",
      title: "Conflicting changes",
      text: "Another user saved first. Choose which value to keep for each field, then save.",
      textBy: ({ by, at }: { readonly by: string; readonly at: string }) =>
        `${by} saved first (${at}). Choose which value to keep for each field, then save.`,
      yours: "Yours",
      theirs: "Theirs",
      save: "Save selection",
      chooseFirst: "Choose a value for each field first.",
      keptTheirs: "Their changes were kept.",
    },
    history: {
      site: "Site",
      by: "Changed by",
      action: "Action",
      everything: "All actions",
      showAll: "Clear filters",
      none: "No changes yet.",
      older: "Show older",
      reason: (reason: string) => `Reason: ${reason}`,
      before: "Before:",
      after: "After:",
      entry: ({ action, sites }: { readonly action: string; readonly sites: readonly string[] }) =>
        `${action}: ${list(sites)}`,
      allSites: "all sites",
      more: (count: number) => plural(count, { one: "# more", other: "# more" }),
      member: ({ site, member }: { readonly site: string; readonly member: string }) => `${site}: ${member}`,
      ways: { cli: "command line", admin: "admin", program: "program", file: "file" },
      way: ({ way, from }: { readonly way: string; readonly from: string }) => `${way}, from ${from}`,
      actions: {
        close: "Closed",
        open: "Opened",
        edit: "Settings changed",
        "add-site": "Site added",
        "remove-site": "Site removed",
        "add-exemptions": "Exemption added",
        "remove-exemptions": "Exemption removed",
        "add-link": "Link created",
        "revoke-links": "Link revoked",
        restore: "Restored",
        "add-token": "Token created",
        "revoke-tokens": "Token revoked",
        "begin-sessions": "First sign-in",
        "end-session": "Signed out",
        "end-sessions": "Everyone signed out",
      },
    },
    fields: {
      until: "Until",
      texts: "Texts",
      translated: ({ field, language }: { readonly field: string; readonly language: string }) =>
        `${field} (${language})`,
      exemptPaths: "Exempt paths",
      exemptAddresses: "Exempt addresses",
      links: "Bypass links",
      linksRevoked: "All bypass links revoked",
      tokens: "Tokens",
      signedOut: "Number of times everyone was signed out",
      none: "none",
      on: "on",
      off: "off",
    },
  };
};

interface SeveralSites {
  readonly count: number;
  readonly names: readonly string[];
  readonly more: number;
}

export type Texts = ReturnType<typeof en>;
