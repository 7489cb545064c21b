import type { SharedTexts } from "../texts.ts";
import type { Words } from "../words.ts";

export const en = ({ plural, on }: Words): SharedTexts => ({
  signIn: "Sign in",
  signOut: "Sign out",
  password: "Password",
  wrongPassword: "Wrong password. Try again.",
  signedOut: "You are signed out.",
  applicationOnly: "Sign in to the application first.",
  sites: "Sites",
  allSites: "All sites",
  search: "Search",
  cancel: "Cancel",
  beforeYouContinue: "Before you continue",
  messageForVisitors: "Message for visitors",
  modes: { open: "Open", "read-only": "Read-only", paused: "Paused", closed: "Closed" },
  refused: {
    ERR_UNAUTHENTICATED: "Your session has ended. Sign in again.",
    ERR_FORBIDDEN: "You don’t have permission to do this. Ask an administrator for access.",
    ERR_NOT_FOUND: "This no longer exists. Reload the page.",
    ERR_INVALID_REQUEST: "The request was invalid. Reload the page and try again.",
    ERR_UNKNOWN_SITE: "This site no longer exists. Nothing was changed.",
    ERR_TOO_MANY_REQUESTS: "Too many attempts. Wait a minute, then try again.",
    ERR_CONFLICT: "Another user has changed this in the meantime. Review the change, then try again.",
    ERR_OVERRIDDEN: "An override is set on the server. Sites can’t be opened or closed until it is removed.",
    ERR_STORE_UNAVAILABLE:
      "The store did not respond. Your change may not have been saved. Wait a moment, then reload the page.",
    ERR_UNEXPECTED: "Something went wrong on the server. See its log for details.",
  },
  close: (target) =>
    on(target, {
      site: (id) => `Close ${id}`,
      all: "Close all sites",
      several: { one: "Close # site", other: "Close # sites" },
    }),
  askClose: (target) =>
    on(target, {
      site: (id) => `Close ${id}?`,
      all: "Close all sites?",
      several: { one: "Close # site?", other: "Close # sites?" },
    }),
  held: {
    command: "a running command",
    by: ({ who, since }) => `Held closed by ${who} since ${since}.`,
    silent: (since) => `Not heard since ${since}: the command may have crashed.`,
    stops: "If you continue, the command is stopped.",
    anyway: "Continue anyway",
  },
  plain: {
    signedIn: "You are signed in.",
    signedInAs: (name) => `Signed in as ${name}.`,
    tokensOnly: "Sign-in with a password is not set up.",
    notOpen: (count) => plural(count, { one: "# of your sites is not open.", other: "# of your sites are not open." }),
    opened: "Opened.",
    closed: "Closed.",
    invalidForm: "Something in the form is missing or too long. Nothing was changed.",
    refused: "The request was refused, and nothing was changed. See the server’s log for details.",
    tooManyAttempts: (minutes) =>
      plural(minutes, {
        one: "Too many attempts. Try again in # minute.",
        other: "Too many attempts. Try again in # minutes.",
      }),
    warning: "Warning",
    site: "Site",
    ownSwitch: "Own setting",
    inForce: "What visitors get",
    until: ({ mode, end }) => `${mode} until ${end}`,
    only: ({ mode, paths }) => `${mode} (only ${paths})`,
    reason: "Reason, shown in the history",
    closeSelected: "Close selected sites",
    openSelected: "Open selected sites",
    moreSites: "More sites",
    willRead: (message) => `Visitors will see “${message}”.`,
    willReadBuiltIn: "Visitors will see the site’s own message, or the built-in page.",
    untilOpened: "This applies until you open it again.",
  },
});
