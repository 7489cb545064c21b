import { render } from "preact";
import { App } from "./app.tsx";
import { guardEdits } from "./state/drafts/site-edits.ts";
import { announce } from "./state/page/announcer.ts";
import { followBack } from "./state/page/back-closes.ts";
import { followRoute, route } from "./state/page/current-route.ts";
import { isTouched } from "./state/page/early-touch.ts";
import { keepEarlyTyping } from "./state/page/early-typing.ts";
import { startClock } from "./state/session/server-clock.ts";
import { session, startSession } from "./state/session/session.ts";
import { reloadSites } from "./state/sites/site-list.ts";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/sites.css";
import "./styles/site.css";
import "./styles/records.css";
import "./styles/plain.css";
import { startLanguage } from "./language/choose.ts";
import { t } from "./language/current.ts";

const root = document.getElementById("app");
if (root !== null) void start(root);

/**
 * Takes the place of the server's own forms, which are for the time before, once there is something to show. Forms that the user has begun
 * to use stay: nothing is swapped away under a thumb. The page that answers them is this one again.
 */
async function start(root: Element): Promise<void> {
  const touched = isTouched(root);
  await Promise.all([startLanguage(), startSession()]);
  if (session.value.state === "in" && route.value.view === "sites") await reloadSites().catch(() => undefined);
  if (touched()) offerPage(root);
  else takeOver(root);
}

function takeOver(root: Element): void {
  takeMessage(root);
  root.replaceChildren();
  followRoute();
  followBack();
  startClock();
  guardEdits();
  render(<App />, root);
  root.setAttribute("data-ready", "");
}

/** Below everything, so that nothing moves. */
function offerPage(root: Element): void {
  const button = document.createElement("button");
  button.className = "link";
  button.textContent = t().reload;
  button.addEventListener("click", () => {
    keepEarlyTyping(root.querySelector("#password"));
    takeOver(root);
  });
  const paragraph = document.createElement("p");
  paragraph.className = "apart";
  paragraph.append(button);
  root.querySelector("main > *")?.append(paragraph);
}

/** The server's answer to one of its forms. */
function takeMessage(root: Element): void {
  if (location.search === "") return;
  const told = root.querySelector("main > * > [role]");
  if (told !== null) announce(told.textContent ?? "", told.role === "alert" ? "failed" : "done");
  history.replaceState(null, "", location.pathname + location.hash);
}
