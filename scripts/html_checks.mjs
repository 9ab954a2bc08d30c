// What html-validate and caniemail's data say of mails: one JSON object on stdout.
//
//     node scripts/html_checks.mjs PAGE.html ...
//
// {"invalid": [{page, line, rule, message}], "features": {title: {pages, none, partial}}, "unknown": [property]}
// `features` holds every feature of caniemail's data that any page uses, and which mail programs lack it or part of it;
// `unknown` the CSS properties that are used and that the data has nothing about.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { caniemail, rawData } from "caniemail";
import { HtmlValidate } from "html-validate";

const RULES = {
  extends: ["html-validate:recommended"],
  rules: {
    // Mail programs drop <main>, <header> and the like or turn them into <div>; the role stays.
    "prefer-native-element": "off",
    // Styles stand inline, as many mail programs read nothing else.
    "no-inline-style": "off",
    // A bar is cells with widths in percent: Outlook for Windows knows those as attributes only.
    "no-deprecated-attr": "off",
    "attr-quotes": ["error", { style: "double" }],
    // Browsers put in every <tbody>; written out it is a sixtieth of the mail.
    "prefer-tbody": "off",
  },
};

/** Return what html-validate finds in the pages. */
async function invalid(pages) {
  const validator = new HtmlValidate(RULES);
  const found = [];
  for (const page of pages) {
    const report = await validator.validateString(readFileSync(page, "utf8"), page);
    for (const result of report.results)
      for (const { line, ruleId, message } of result.messages) found.push({ page: basename(page), line, rule: ruleId, message });
  }
  return found;
}

/** Return which mail programs lack each feature: caniemail's newest figure for each of them. */
function support() {
  const found = new Map();
  for (const { title, stats } of rawData.data) {
    const lack = { none: [], partial: [] };
    for (const [family, platforms] of Object.entries(stats))
      for (const [platform, versions] of Object.entries(platforms)) {
        const newest = versions[Object.keys(versions).sort().at(-1)];
        if (newest.startsWith("n")) lack.none.push(`${family}.${platform}`);
        else if (!newest.startsWith("y")) lack.partial.push(`${family}.${platform}`);
      }
    found.set(title, lack);
  }
  return found;
}

/** Return a style sheet with the rules of its media queries outside them: the checker does not look inside. */
function unwrapped(css) {
  return css.replace(/@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}/g, "$1");
}

/** Return the names of the properties that a page sets, inline or in its style sheet. */
function properties(html) {
  const css = [...html.matchAll(/<style>([^<]*)<\/style>/g)].map((match) => unwrapped(match[1])).join("\n");
  const blocks = [...html.matchAll(/<[a-z0-9]+[^<>]* style="([^"]*)"/g), ...css.matchAll(/\{([^{}]*)\}/g)];
  return blocks.flatMap(([, block]) => [...block.matchAll(/(?:^|;)\s*([a-z-]+)\s*:/g)].map(([, name]) => name));
}

/** Return whether all that is said of a rule with that property is about its selector. */
function unheard(name) {
  const issues = [...caniemail({ clients: ["*"], css: `p{${name}:0}` }).issues.errors.values()].flat();
  return issues.every(({ title }) => title === "Type selector");
}

/** Return each feature of the data that the page uses. Only titles that the data knows are looked for. */
function used(html) {
  const titles = new Set();
  const css = [...html.matchAll(/<style>([^<]*)<\/style>/g)].map((match) => match[1]).join("\n");
  for (const asked of css ? [{ html }, { css }, { css: unwrapped(css) }] : [{ html }])
    for (const issues of caniemail({ clients: ["*"], ...asked }).issues.errors.values())
      for (const issue of issues) titles.add(issue.title);
  for (const [, condition] of css.matchAll(/@media[^{]*\(([a-z-]+)/g))
    for (const { title } of rawData.data) if (title.startsWith(`@media (${condition}`)) titles.add(title);
  return titles;
}

const pages = process.argv.slice(2);
const lacking = support();
// The checker names only what a program lacks; with every program lacking everything, it names whatever is used.
const nowhere = {};
for (const { stats } of rawData.data)
  for (const [family, platforms] of Object.entries(stats))
    for (const platform of Object.keys(platforms)) (nowhere[family] ??= {})[platform] = { all: "n" };
for (const feature of rawData.data) feature.stats = nowhere;
const features = {};
for (const page of pages)
  for (const title of used(readFileSync(page, "utf8"))) {
    features[title] ??= { pages: 0, ...lacking.get(title) };
    features[title].pages += 1;
  }
const names = new Set(pages.flatMap((page) => properties(readFileSync(page, "utf8"))));
const unknown = [...names].filter(unheard).sort();
console.log(JSON.stringify({ invalid: await invalid(pages), features, unknown }));
