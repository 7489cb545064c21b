// Takes the pictures of the documentation again: runs the browser tests that pass through them, and copies the screenshots to docs/images/.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The screenshot of each picture. */
export const PICTURES = {
  "page.png": "page.png",
  "admin-sites.png": "walk-in-the-light-2-sites.png",
  "admin-preview.png": "preview-1280-light.png",
  "admin-close.png": "walk-in-the-light-5-dialog.png",
  "admin-who-gets-in.png": "walk-in-the-light-6-who-gets-in.png",
  "admin-link.png": "walk-in-the-light-7-link.png",
  "admin-history.png": "walk-in-the-light-8-history.png",
  "admin-conflict.png": "conflict.png",
};

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "maintenance-pictures-"));
  const files = ["page", "admin-story", "admin-colleagues", "admin-views"].map((name) => `test/e2e/${name}.test.ts`);
  const { status } = spawnSync("npx", ["vitest", "run", "--project", "browsers", ...files], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SCREENSHOTS: folder, REQUIRE_SERVICES: "1" },
  });
  if (status === 0) {
    for (const [picture, screenshot] of Object.entries(PICTURES)) {
      copyFileSync(join(folder, screenshot), join(root, "docs/images", picture));
    }
  }
  rmSync(folder, { recursive: true });
  process.exitCode = status ?? 1;
}
