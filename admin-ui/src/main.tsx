import { render } from "preact";
import { App } from "./app.tsx";
import { followRoute } from "./state/current-route.ts";
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
  // The server's own forms are for those without script.
  root.replaceChildren();
  followRoute();
  startClock();
  guardEdits();
  render(<App />, root);
  void loadSession();
}
