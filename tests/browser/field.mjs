// Answers the small wave of the tests in a real browser, with scripts off, as people do, and looks
// at every kind of page: valid HTML, WCAG 2.2 AA by axe, by keyboard alone, nothing wider than a
// phone or than 400% zoom leaves, and no error under the pages' own policy. Prints "N passed, N
// failed"; exits 1 on a failure.
// usage: node field.mjs FIELD_SITE_PROGRAM SCREENSHOT_FOLDER
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');
const { HtmlValidate } = require('html-validate');

const [program, shots] = process.argv.slice(2).map((p) => path.resolve(p));
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
let passed = 0;
let failed = 0;

function check(what, problems) {
  if (problems.length === 0) { passed += 1; return; }
  failed += 1;
  console.log(`FAILED: ${what}`);
  for (const problem of problems.slice(0, 10)) console.log(`  ${problem}`);
}

const validator = new HtmlValidate({ extends: ['html-validate:standard'],
  rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'tel-non-breaking': 'off',
    // Boolean attributes are written with their name as value; GOV.UK's markup has them so.
    'attribute-boolean-style': 'off', 'no-redundant-role': 'off', 'svg-focusable': 'off',
    'element-required-attributes': 'error', 'prefer-native-element': 'off', 'no-autocomplete': 'off',
    'valid-autocomplete': 'off', 'autocomplete-password': 'off', 'no-implicit-button-type': 'error' } });

async function validHtml(name, html) {
  const report = await validator.validateString(html);
  check(`${name} is valid HTML`, report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column}: ${m.message} [${m.ruleId}]`)));
}

// Runs in the page. In a row: all points level, the last under the right-hand end. In a list: the first
// and the last say what they mean.
function misplacedEnds() {
  const problems = [];
  for (const scale of document.querySelectorAll('.points')) {
    const points = [...scale.querySelectorAll('.point')];
    const boxes = points.map((point) => point.getBoundingClientRect());
    const above = scale.previousElementSibling;
    const row = getComputedStyle(above).display !== 'none';
    const last = boxes.length - 1;
    if (row && boxes.some((box) => box.top !== boxes[0].top)) problems.push('the points stand in several rows');
    if (row && Math.abs(boxes[last].right - above.getBoundingClientRect().right) > 2) problems.push('the last point is not under its end');
    for (const [at, end] of [[0, above.firstElementChild], [last, above.lastElementChild]]) {
      const said = points[at].querySelector('.end');
      if (said === null || !said.textContent.endsWith(end.textContent)) problems.push(`no label says '${end.textContent}'`);
      else if (!row && said.getBoundingClientRect().width < 10) problems.push(`'${end.textContent}' cannot be seen`);
    }
  }
  return problems;
}

// Two contexts share cookies: one as a person has it, one for axe, whose script the policy forbids.
async function look(browser, context, name, url, shows) {
  const cookies = await context.cookies();
  for (const width of [1280, 320]) {
    const measured = await browser.newContext({ viewport: { width, height: width === 320 ? 256 * 3 : 900 }, bypassCSP: true });
    await measured.addCookies(cookies);
    const page = await measured.newPage();
    const response = await page.goto(url);
    if (shows) await shows(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${name} at ${width}px needs no sideways scrolling`, wide > 0 ? [`${wide}px too wide`] : []);
    for (const across of width === 320 ? [320] : [800, width]) {
      await page.setViewportSize({ width: across, height: 900 });
      check(`${name} at ${across}px has the ends of a scale at its first and last point`, await page.evaluate(misplacedEnds));
    }
    const axe = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    check(`${name} at ${width}px passes axe (${axe.passes.length} rules)`,
      axe.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)}`));
    await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}-${width}.png`), fullPage: true });
    if (width === 1280) await validHtml(name, shows ? await page.content() : await response.text());
    await measured.close();
  }
}

// A call, by keyboard alone: find the person, begin, answer, record what became of it. Then each kind
// of page is looked at.
async function byTelephone(browser, context, base) {
  const page = await context.newPage();
  await page.goto(`${base}/team/entry`);
  await tabTo(page, 'INPUT find');
  await page.keyboard.type('p9');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/entry?find=p9');
  await tabTo(page, 'Name of p9');
  await enter(page);
  await page.waitForURL('**/entry/case**');
  const caseUrl = page.url();
  await tabTo(page, 'INPUT mode');
  await page.keyboard.press('Space');
  await tabTo(page, 'Enter answers');
  await enter(page);
  await page.waitForURL('**/entry/page**');
  const pageUrl = page.url();
  await tabTo(page, 'INPUT role');
  await page.keyboard.press('Space');
  await tabTo(page, 'Continue');
  await enter(page);
  await page.waitForURL((url) => url.href !== pageUrl);
  check('a page that is entered leads to the next', page.url().includes('page=topics') ? [] : [page.url()]);
  await page.goto(caseUrl);
  await tabTo(page, 'INPUT outcome');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'Record');
  await enter(page);
  await page.waitForURL((url) => url.searchParams.get('recorded') === 'callback');
  check('the outcome is recorded', (await page.textContent('main')).includes('Recorded: Call back') ? [] : ['not recorded']);
  const post = async (one) => { await Promise.all([one.waitForNavigation(), one.click('main button.govuk-button--secondary')]); };
  await look(browser, context, 'team entry', `${base}/team/entry?find=p`);
  await look(browser, context, 'team entry case with an error', caseUrl, post);
  await look(browser, context, 'team entry views', pageUrl.replace('page=role', 'page=views'));
  await look(browser, context, 'team entry check', pageUrl.replace('/page?', '/check?'));
}

async function named(page, label) {
  return page.evaluate(() => {
    const at = document.activeElement;
    return at === null ? '' : `${at.tagName} ${at.name ?? ''} ${at.value ?? ''} ${at.textContent ?? ''}`;
  }).then((seen) => seen.includes(label));
}

// Tab until what has the focus is named so.
async function tabTo(page, label) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    if (await named(page, label)) return;
  }
  throw new Error(`no Tab stop '${label}' on ${page.url()}`);
}

// Enter, and the page that comes of it.
async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

async function byKeyboard(browser, base, link) {
  const context = await browser.newContext({ viewport: { width: 360, height: 700 }, javaScriptEnabled: false });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('422')) errors.push(message.text()); });
  await page.goto(base + link);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.hash === '#main', { timeout: 10000 }).catch(() => {});
  check('the first Tab stop skips to the content', page.url().endsWith('#main') ? [] : [page.url()]);
  await tabTo(page, 'Start now');
  await enter(page);
  await page.waitForURL('**/p/role*');
  await tabTo(page, 'Continue');
  await enter(page);  // required: an error summary that leads to the input
  check('a required question says so', await page.locator('.govuk-error-summary a').count() === 1 ? [] : ['no summary']);
  await page.locator('.govuk-error-summary a').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.hash !== '' && url.hash !== '#main', { timeout: 10000 }).catch(() => {});
  check('its link leads to the first input', await named(page, 'INPUT role') ? [] : ['elsewhere']);
  await page.locator('input[name=role]').first().focus();
  await page.keyboard.press('ArrowDown');
  await enter(page);
  await page.waitForURL('**/p/topics*');
  await page.locator('input[name=topics]').first().focus();
  await page.keyboard.press('Space');
  await enter(page);
  await page.waitForURL('**/p/views*');
  for (const statement of ['v1', 'v2', 'v3']) {
    await page.locator(`input[name=${statement}]`).first().focus();
    await page.keyboard.press('Space');
  }
  await enter(page);
  await page.waitForURL('**/p/staff*');
  await tabTo(page, 'staff');
  await page.keyboard.type('1,200');
  await enter(page);
  await page.waitForURL('**/p/score*');
  await page.goBack();
  await page.goForward();
  await page.waitForLoadState();
  await page.locator('input[name=score]').nth(3).focus();
  await page.keyboard.press('Space');
  await enter(page);
  await page.waitForURL('**/check*');
  check('the answers are there to be checked', (await page.textContent('main')).includes('1200') ? [] : ['no 1200']);
  await tabTo(page, 'Send your answers');
  await enter(page);
  await page.waitForURL('**/done*');
  check('pages keep their own policy', errors);
  await context.close();
}

fs.mkdirSync(shots, { recursive: true });
const site = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
const facts = JSON.parse(await new Promise((resolve, reject) => {
  readline.createInterface({ input: site.stdout }).once('line', resolve);
  site.once('exit', (code) => reject(new Error(`the site ended with ${code}`)));
}));
const { base, links } = facts;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
try {
  await byKeyboard(browser, base, links[0]);
  const nobody = await browser.newContext();
  const link = base + links[1];
  const post = async (page) => { await Promise.all([page.waitForNavigation(), page.click('main button[type=submit]')]); };
  const pages = [
    ['start', link], ['radios', `${link}/p/role`], ['radios in Welsh', `${link}/p/role?language=cy`],
    ['radios with an error', `${link}/p/role`, post], ['checkboxes', `${link}/p/topics`],
    ['battery', `${link}/p/views`], ['number', `${link}/p/staff`],
    ['number with an error', `${link}/p/staff`, async (page) => { await page.fill('input[name=staff]', 'many'); await post(page); }],
    ['score', `${link}/p/score`], ['check', `${base + links[0]}/check`], ['done', base + links[0]],
    ['decline', `${link}/decline`], ['decline with an error', `${link}/decline`, post],
    ['colleague', `${link}/colleague`], ['colleague with errors', `${link}/colleague`, post],
    ['erase', `${link}/erase`], ['privacy', `${link}/privacy`], ['accessibility', `${link}/accessibility`],
    ['unknown link', `${base}/i/unknown`], ['code', `${base}/`],
    ['start in Welsh', `${link}?language=cy`], ['decline in Welsh', `${link}/decline?language=cy`],
    ['colleague in Welsh with errors', `${link}/colleague?language=cy`, post], ['privacy in Welsh', `${link}/privacy?language=cy`],
    ['battery in Welsh', `${link}/p/views?language=cy`], ['stop mail', base + facts.stop],
    ['not found', `${base}/none`], ['sign in', `${base}/team/sign-in`]];
  for (const [name, url, shows] of pages) await look(browser, nobody, name, url, shows);
  await nobody.close();
  const member = await browser.newContext({ javaScriptEnabled: false });
  const page = await member.newPage();
  await page.goto(`${base}/team`);
  await page.fill('input[name=member]', 'olga');
  await page.fill('input[name=password]', 'correct horse battery');
  await page.fill('input[name=code]', facts.codes[0]);
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
  check('the owner is signed in', new URL(page.url()).pathname === '/team' ? [] : [page.url()]);
  for (const name of ['', 'organisations', 'rates', 'toplines', 'contact', 'audit', 'sign-ins']) {
    await look(browser, member, `team ${name}`.trim(), `${base}/team/${name}`);
  }
  await byTelephone(browser, member, base);
  await member.close();
} finally {
  await browser.close();
  site.stdin.end();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
