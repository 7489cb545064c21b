import { render } from "preact";
import { App } from "./app.tsx";
import { announce } from "./state/announcer.ts";
import { followRoute } from "./state/current-route.ts";
import { keepEarlyTyping } from "./state/early-typing.ts";
import { startClock } from "./state/server-clock.ts";
import { loadSession } from "./state/session.ts";
import { guardEdits } from "./state/site-edits.ts";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/sites.css";
import "./styles/site.css";
import "./styles/records.css";
import "./styles/plain.css";

const root = document.getElementById("app");
if (root !== null) {
  // The server's own forms are for those without script, and for as long as there is none.
  keepEarlyTyping(root.querySelector("#password"));
  takeMessage(root);
  root.replaceChildren();
  followRoute();
  startClock();
  guardEdits();
  render(<App />, root);
  void loadSession();
}

/** What the server says to whoever was faster than this script, and used its forms. */
function takeMessage(root: Element): void {
  if (location.search === "") return;
  const told = root.querySelector("main > [role]");
  if (told !== null) announce(told.textContent ?? "", told.role === "alert" ? "failed" : "done");
  history.replaceState(null, "", location.pathname + location.hash);
}
