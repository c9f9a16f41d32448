// Opens the page of an audit from disk: valid HTML, WCAG 2.2 AA by axe, links that lead somewhere,
// nothing wider than a phone, and no scripts. Prints "N passed, N failed"; exits 1 on a failure.
// usage: node audit.mjs AUDIT.html
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');
const { HtmlValidate } = require('html-validate');

const file = path.resolve(process.argv[2]);
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
let passed = 0;
let failed = 0;

function check(what, problems) {
  if (problems.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED: ${what}`);
  for (const problem of problems.slice(0, 10)) console.log(`  ${problem}`);
}

const html = fs.readFileSync(file, 'utf8');
const validator = new HtmlValidate({ extends: ['html-validate:standard'],
  rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'tel-non-breaking': 'off' } });
const report = await validator.validateFile(file);
check('valid HTML', report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column}: ${m.message} [${m.ruleId}]`)));

const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]));
const links = [...html.matchAll(/ href="([^"]+)"/g)].map((m) => m[1]);
check('there are links to findings', links.length > 0 ? [] : ['none']);
check('every link leads somewhere', links.filter((link) => !link.startsWith('#') || !ids.has(link.slice(1))));
check('no scripts', [...html.matchAll(/<script/g)].map(() => 'a script'));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
try {
  for (const width of [1100, 320]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`at ${width}px needs no sideways scrolling`, wide > 0 ? [`${wide}px too wide`] : []);
    const marks = await page.locator('mark').count();
    check(`at ${width}px claims are marked`, marks > 0 ? [] : ['no mark']);
    const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    check(`at ${width}px passes axe (${axe.passes.length} rules)`,
      axe.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)}`));
    await context.close();
  }
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
