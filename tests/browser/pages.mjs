// Opens a bundle's pages as a reader would, from disk, with scripts off, and charts.html with them
// on under its own policy, and checks what a reader needs: valid HTML, WCAG 2.2 AA by axe, working links and pictures, nothing wider than a phone,
// the skip link by keyboard. Prints "N passed, N failed"; exits 1 on a failure.
// usage: node pages.mjs BUNDLE_FOLDER SCREENSHOT_FOLDER
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');
const { HtmlValidate } = require('html-validate');

const [bundle, shots] = process.argv.slice(2).map((p) => path.resolve(p));
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

async function validHtml(name) {
  const validator = new HtmlValidate({ extends: ['html-validate:standard'],
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'tel-non-breaking': 'off' } });
  const report = await validator.validateFile(path.join(bundle, name));
  const problems = report.results.flatMap((r) => r.messages.map((m) => `${name}:${m.line}:${m.column}: ${m.message} [${m.ruleId}]`));
  check(`${name} is valid HTML`, problems);
}

// Every link and picture resolves: files exist, fragments have their element.
function resolvedLinks(name) {
  const html = fs.readFileSync(path.join(bundle, name), 'utf8');
  const idsOf = (file) => new Set([...fs.readFileSync(path.join(bundle, file), 'utf8').matchAll(/ id="([^"]+)"/g)].map((m) => m[1]));
  const ids = new Map();
  const problems = [];
  for (const [, target] of html.matchAll(/ (?:href|src)="([^"]+)"/g)) {
    if (/^https?:/.test(target)) continue;
    const [file, fragment] = target.split('#');
    const where = file === '' ? name : path.normalize(path.join(path.dirname(name), file));
    if (!fs.existsSync(path.join(bundle, where))) problems.push(`${name}: ${target} does not exist`);
    else if (fragment !== undefined) {
      if (!ids.has(where)) ids.set(where, idsOf(where));
      if (!ids.get(where).has(fragment)) problems.push(`${name}: ${target} leads nowhere`);
    }
  }
  check(`${name}: every link and picture resolves`, problems);
}

// The browser moves to a fragment after the key is taken: on a busy machine, some time after.
async function followed(page, act, fragment) {
  await act();
  await page.waitForURL((url) => url.hash === fragment, { timeout: 10000 }).catch(() => {});
}

async function asAReader(browser, name, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  await page.goto(pathToFileURL(path.join(bundle, name)).href);
  check(`${name} at ${width}px opens without errors`, errors);
  await page.screenshot({ path: path.join(shots, `${path.basename(bundle)}-${name.replace('.html', '').replace('/', '-')}-${width}.png`) });
  await page.keyboard.press('Tab');
  await followed(page, () => page.keyboard.press('Enter'), '#main');
  check(`${name}: the first Tab stop skips to the results`, page.url().endsWith('#main') ? [] : [page.url()]);
  await context.close();
}

// A number of a story leads to its entry, by keyboard and without scripts, and the entry to the ledger.
async function figuresOfStory(browser, name, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(bundle, name)).href);
  const figures = page.locator('article a.figure');
  const count = await figures.count();
  const problems = count > 0 ? [] : ['no number carries a figure'];
  for (let i = 0; i < Math.min(count, 3); i += 1) {
    const figure = figures.nth(i);
    await figure.focus();
    await followed(page, () => page.keyboard.press('Enter'), await figure.getAttribute('href'));
    const entry = page.locator((await figure.getAttribute('href')).replace('#', '[id="') + '"]');
    if (!await entry.isVisible()) problems.push(`number ${i + 1}: its entry is not shown`);
    const box = await entry.boundingBox();
    if (box === null || box.y < 0 || box.y >= 900) problems.push(`number ${i + 1}: its entry is not on the screen`);
    const words = await entry.textContent();
    const ids = (await figure.getAttribute('data-figure') ?? '').split(' ');
    if (!ids.every((id) => words.includes(id))) problems.push(`number ${i + 1}: its entry names no figure`);
  }
  if (count > 0) await page.screenshot({ path: path.join(shots, `${path.basename(bundle)}-${path.basename(name, '.html')}-entry-${width}.png`) });
  check(`${name} at ${width}px: each number shows where it comes from`, problems);
  await context.close();
}

// axe and measurements need scripts of their own; the page's security policy is set aside for them.
async function measured(browser, name, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(bundle, name)).href);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${name} at ${width}px needs no sideways scrolling`, wide > 0 ? [`${wide}px too wide`] : []);
  const style = await page.evaluate(() => getComputedStyle(document.querySelector('.page')).maxWidth);
  check(`${name}: the style sheet is applied`, style === 'none' ? ['no max-width'] : []);
  const broken = await page.evaluate(async () => {
    const out = [];
    for (const img of document.images) {
      img.loading = 'eager';
      await img.decode().catch(() => out.push(img.src));
      if (img.naturalWidth === 0) out.push(img.src);
    }
    return out;
  });
  check(`${name}: every picture is drawn`, broken);
  const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  check(`${name} at ${width}px passes axe (${axe.passes.length} rules)`,
    axe.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)}`));
  await context.close();
}

// The page's own policy stays in force: what it forbids is an error in the console, and so a failure.
async function interactive(browser, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(pathToFileURL(path.join(bundle, 'charts.html')).href);
  const requested = [];
  page.on('request', (request) => requested.push(request.url()));
  const figures = page.locator('figure[data-chart]');
  const count = await figures.count();
  check(`charts.html at ${width}px has charts`, count > 0 ? [] : ['none']);
  const problems = [];
  for (let i = 0; i < count; i += 1) {
    const figure = figures.nth(i);
    const id = await figure.getAttribute('data-chart');
    const button = figure.locator('button.explore');
    await button.focus();
    await page.keyboard.press('Enter');
    await figure.locator('.live svg').waitFor({ timeout: 20000 }).catch(() => {});
    if (!await figure.locator('.live svg').isVisible()) { problems.push(`${id}: no interactive chart`); continue; }
    if (await figure.locator('picture').isVisible()) problems.push(`${id}: the picture is still shown`);
    // Every mark of the static drawing is in the live one, and none besides.
    const still = fs.readFileSync(path.join(bundle, 'charts', `${id}${width < 480 ? '-narrow' : ''}.svg`), 'utf8');
    const wanted = [...still.matchAll(/data-figure="([^"]+)"/g)].map((m) => m[1]).sort();
    const drawn = await figure.locator('.live svg [aria-label]').evaluateAll((marks) => marks
      .map((mark) => /\((?:figure|cell) (\S+)\)$/.exec(mark.getAttribute('aria-label'))).filter(Boolean).map((m) => m[1]).sort());
    if (JSON.stringify(drawn) !== JSON.stringify(wanted)) problems.push(`${id}: ${drawn.length} live marks, ${wanted.length} drawn`);
    const wide = await figure.evaluate((f) => f.querySelector('.live svg').getBoundingClientRect().right - f.getBoundingClientRect().right);
    if (wide > 1) problems.push(`${id}: ${wide}px wider than its place`);
  }
  check(`charts.html at ${width}px: every chart can be explored by keyboard`, problems);
  const first = figures.first();
  const id = await first.getAttribute('data-chart');
  await first.scrollIntoViewIfNeeded();
  const mark = first.locator('.live svg [aria-label*="(figure "], .live svg [aria-label*="(cell "]').first();
  const words = await mark.getAttribute('aria-label');
  await mark.hover({ force: true });
  const tip = page.locator('#vg-tooltip-element');
  await tip.waitFor({ state: 'visible', timeout: 5000 }).catch(() => {});
  check(`charts.html at ${width}px: a mark of ${id} says its figure`,
    await tip.count() > 0 && (await tip.textContent()).trim() === words ? [] : [`wanted '${words}', got '${await tip.count() > 0 ? await tip.textContent() : 'nothing'}'`]);
  await page.screenshot({ path: path.join(shots, `${path.basename(bundle)}-live-${width}.png`) });
  await first.locator('button.explore').click();
  check(`charts.html at ${width}px: the picture comes back`, await first.locator('picture').isVisible() && !await first.locator('.live').isVisible() ? [] : [id]);
  check(`charts.html at ${width}px: nothing is asked of another place`,
    requested.filter((url) => !url.startsWith(pathToFileURL(bundle).href) && !url.startsWith('data:')));
  check(`charts.html at ${width}px keeps its own policy`, errors);
  await context.close();
}

// axe on the page as it is while charts are explored.
async function interactiveAxe(browser, width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(bundle, 'charts.html')).href);
  for (const button of await page.locator('button.explore').all()) await button.click();
  await page.locator('.live svg').first().waitFor();
  for (const details of await page.locator('details').all()) await details.evaluate((d) => { d.open = true; });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`charts.html at ${width}px, explored, needs no sideways scrolling`, wide > 0 ? [`${wide}px too wide`] : []);
  const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  check(`charts.html at ${width}px, explored, passes axe (${axe.passes.length} rules)`,
    axe.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)}`));
  await context.close();
}

fs.mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
try {
  const folder = path.join(bundle, 'stories');
  const stories = fs.existsSync(folder) ? fs.readdirSync(folder).filter((f) => f.endsWith('.html')).map((f) => `stories/${f}`) : [];
  for (const name of ['index.html', 'ledger.html', 'charts.html', ...stories]) {
    await validHtml(name);
    resolvedLinks(name);
    if (stories.includes(name)) {
      for (const width of [1100, 320]) await figuresOfStory(browser, name, width);
    }
    for (const width of [1100, 320]) {
      await asAReader(browser, name, width);
      await measured(browser, name, width);
    }
  }
  for (const width of [1100, 320]) {
    await interactive(browser, width);
    await interactiveAxe(browser, width);
  }
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
