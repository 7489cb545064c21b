import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildResult, build } from "esbuild";
import { describe, expect, test } from "vitest";

const LIMIT = 2_048;
const FOLDER = fileURLToPath(new URL("../../../src/client", import.meta.url));

function bundle(names: string): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    stdin: { contents: `export ${names} from "./client.ts";`, resolveDir: FOLDER },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    write: false,
    metafile: true,
  });
}

/** Returns the names of the modules that contribute code to the bundle. */
async function modulesIn(names: string): Promise<readonly string[]> {
  const { metafile } = await bundle(names);
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const kept = inputs.filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && path !== "<stdin>");
  return kept.map(([path]) => path.split("/").at(-1) ?? path).sort();
}

describe("maintenance-mode/client", () => {
  test(`is smaller than ${LIMIT} bytes, minified and compressed`, async () => {
    const { outputFiles } = await bundle("*");
    const sizes = outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).length);
    expect(sizes).toHaveLength(1);
    expect(sizes[0]).toBeLessThan(LIMIT);
  });

  const INFO = ["maintenance-info.ts"];
  test.each([
    ["isMaintenance", INFO],
    ["maintenanceOf", INFO],
    ["waitingFetch", [...INFO, "waiting-fetch.ts"]],
    ["defineMaintenanceNotice", [...INFO, "maintenance-notice.ts"]],
  ])("%s can be bundled without the rest", async (name, expected) => {
    expect(await modulesIn(`{ ${name} }`)).toEqual(expected.toSorted());
  });

  test("contains no other module of the package", async () => {
    const { metafile } = await bundle("*");
    expect(Object.keys(metafile.inputs).filter((path) => !/src\/client\/[\w-]+\.ts$|^<stdin>$/.test(path))).toEqual([]);
    expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  });
});
