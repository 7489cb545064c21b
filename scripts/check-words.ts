// Checks the wording of the docs, comments, messages and test titles against a list of words. Prints each finding as
// `file:line: "word": what to write instead`; exits with 1 when there are any. Without arguments it reads every file of the repository
// that is in `READ`; with arguments, the named files.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Files and folders that are checked. */
const READ = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", ".changeset", "docs"],
  ...["src", "admin-ui/src", "examples", "test", "bench", "scripts"],
];

interface Rule {
  readonly words: RegExp;
  /** What to write in place of them. */
  readonly instead: string;
}

const RULES: readonly Rule[] = [
  { words: /\bmend(?:s|ed|ing)?\b/gi, instead: "fix, or repair" },
  { words: /\bwho(?:so)?ever\b/gi, instead: "the caller, the client, the user" },
  { words: /\bwhom\b/gi, instead: "name the person or the process" },
  { words: /\b(?:nobody|somebody)\b/gi, instead: "no caller, no user, another process" },
  { words: /\bby now\b/gi, instead: "already; of a value, that it has changed" },
  { words: /\b(?:is|are|was|were|has|have) to be had\b/gi, instead: "available" },
  { words: /\bhad to be\b/gi, instead: "what required it, with a subject" },
  {
    words: /\b(?:is|are|was|were|be|been|being) told\b/gi,
    instead: "report, log, return, with the receiver as subject",
  },
  { words: /\b(?:tells?|told|telling) of\b/gi, instead: "report, log, describe" },
  { words: /\bby (?:itself|themselves)\b/gi, instead: "automatically, or alone" },
  { words: /\ba closing\b(?! (?:brace|bracket|parenthesis|quote|tag))|\bclosings\b/gi, instead: "a closure" },
  { words: /\b(?:put|puts|putting) back\b/gi, instead: "restore" },
  { words: /\bbeware\b/gi, instead: "warning" },
  { words: /\bstands\b(?! (?:for|still|in for)\b)/gi, instead: "is listed, is stored, is set, applies" },
  { words: /\b(?:is|are|was|were|be|not) in order\b(?! to\b)/gi, instead: "is valid" },
  { words: /\b(?:its|their) kin\b/gi, instead: "name the errors" },
  { words: /\bat hand\b/gi, instead: "available, or name where it is" },
  {
    words: /\/\*\*\s*(?:\n\s*\*\s*)?(?:What|Who|Whose|Whether or not)\b/g,
    instead: "begin with a noun or a verb: 'The …', 'Returns …'",
  },
  { words: /\b(?:[A-Z0-9]+_)*(?:LONGEST|SHORTEST|FEWEST|MOST|SOON)(?:_[A-Z0-9]+)*\b/g, instead: "MAX_…, MIN_…, …_MS" },
  { words: /\b(?:heir|meetRequest|Arrangement|Passage|Handed)\b/g, instead: "a name that says what it holds or does" },
];

interface Exception {
  /** A file, or a folder with everything in it. */
  readonly path: string;
  /** The words that are allowed there. */
  readonly words: RegExp;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  { path: "scripts/check-words.ts", words: /./, reason: "the list itself" },
  { path: "test/fixtures", words: /^nobody$/i, reason: "the Unix user nobody" },
  { path: "test/faults/read-only.test.ts", words: /^nobody$/i, reason: "the Unix user nobody" },
  { path: "test/scenarios/file-store-by-hand.test.ts", words: /^nobody$/i, reason: "the Unix user nobody" },
  { path: "test/scenarios/cli-project-tools.test.ts", words: /^nobody$/i, reason: "the Unix user nobody" },
  { path: "test/architecture/check-words.test.ts", words: /./, reason: "texts that the check refuses" },
];

const isBelow = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);

function filesOfRepository(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--", ...READ], { encoding: "utf8" }).split("\0");
  return listed.filter((file) => /\.(?:md|[jt]sx?|css|html)$/.test(file));
}

function findingsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  const exceptions = EXCEPTIONS.filter(({ path }) => isBelow(file, path));
  const found: { readonly line: number; readonly text: string }[] = [];
  for (const { words, instead } of RULES) {
    for (const match of text.matchAll(words)) {
      const word = match[0].replace(/\s+/g, " ");
      if (exceptions.some((exception) => exception.words.test(word))) continue;
      const line = text.slice(0, match.index).split("\n").length;
      found.push({ line, text: `${file}:${line}: "${word}": ${instead}` });
    }
  }
  return found.sort((left, right) => left.line - right.line).map((finding) => finding.text);
}

const named = process.argv.slice(2);
const findings = (named.length > 0 ? named : filesOfRepository()).flatMap(findingsOf);
for (const finding of findings) console.error(finding);
if (findings.length > 0) {
  console.error(`\nWords to replace: ${findings.length}. The list is in scripts/check-words.ts.`);
  process.exitCode = 1;
}
