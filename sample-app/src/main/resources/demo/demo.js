// Two windows, each connected to a node of its own, and a count of what both have really got.
// Plain DOM, no build, and the client that the server brings along.

import { connect } from "/realtime/client.js";

const RUN = Math.random().toString(36).slice(2, 8);
const ROOM = "demo:" + RUN; // each page has a room of its own, so that it knows everything that is said there
const BURST = 1000;
const CHUNK = 50; // messages of a burst that are asked for at once; every other chunk is one transaction
const GRACE = 3000; // ms of quiet after which what was acknowledged and is not here counts as lost
const KEYS = ["a", "b"];

const $ = id => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const some = (n, thing) => `${number.format(n)} ${thing}${n === 1 ? "" : "s"}`;
const seconds = ms => (ms / 1000).toFixed(1) + " s";

const messages = new Map(); // id → what is known of a message
const windows = {}; // "a", "b" → window
let server = { redis: true, nodes: [] }; // what the server last told of Redis and the nodes
let outage; // since Redis was stopped: { count, entry }
let drainingSince; // when Redis was back, until all is delivered
let bursting = false, bursts = 0, rollbacks = 0, lastId = 0;
let quietSince = performance.now();

/** Creates an element with properties, and children that are elements or text. */
function element(tag, properties, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

// ---- what has been sent, and what has arrived

function message(id, by, order, properties) {
  const it = { id, by, order, acked: false, got: { a: 0, b: 0 }, caughtUp: { a: false, b: false }, ...properties };
  messages.set(id, it);
  return it;
}

function acknowledged(it) {
  it.acked = true;
  stir();
}

/** A publication has arrived in a window. */
function arrived(window, { data }, fromHistory) {
  const it = messages.get(data.id) ?? message(data.id, "?", 0, {});
  const { key } = window;
  if (fromHistory && it.got[key]) return;
  if (!fromHistory && it.caughtUp[key]) {
    it.caughtUp[key] = false; // the same one: the history was asked for while it was on its way
    return;
  }
  it.caughtUp[key] = fromHistory;
  it.got[key]++;
  if (it.got[key] === 1) {
    if (it.order < (window.newest[it.by] ?? 0)) note(`Out of order in window ${key.toUpperCase()}: ${it.id}`, "bad");
    window.newest[it.by] = it.order;
  } else note(`Doubled in window ${key.toUpperCase()}: ${it.id}`, "bad");
  if (it.rolledBack) note("Delivered although rolled back: " + it.id, "bad");
  show(window, it);
  stir();
}

function count() {
  const total = { acknowledged: 0, delivered: 0, missing: 0, doubled: 0, rolledBack: 0, rolledBackSeen: 0, pending: 0 };
  for (const it of messages.values()) {
    const both = it.got.a && it.got.b;
    total.acknowledged += it.acked;
    total.delivered += both ? 1 : 0;
    total.missing += it.acked && !both ? 1 : 0;
    total.pending += it.sending ? 1 : 0;
    for (const key of KEYS) total.doubled += Math.max(it.got[key] - 1, 0);
    total.rolledBack += it.rolledBack ? 1 : 0;
    total.rolledBackSeen += it.rolledBack && (it.got.a || it.got.b) ? 1 : 0;
  }
  return total;
}

/** Whether nothing is on its way any more that is known of. */
const isQuiet = () => !bursting && server.redis && server.nodes.length === 2
  && server.nodes.every(node => node.up && node.relay === "LIVE" && !node.backlog)
  && KEYS.every(key => windows[key].room.state === "subscribed");

/** Something has happened that may go on. */
function stir() {
  quietSince = performance.now();
  draw();
}

let drawing = false;

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const total = count();
    if (!isQuiet()) quietSince = performance.now();
    const lost = performance.now() - quietSince > GRACE ? total.missing : 0;
    const backlog = server.nodes.reduce((sum, node) => sum + node.backlog, 0);
    put("acknowledged", total.acknowledged);
    put("delivered", total.delivered);
    put("lost", lost);
    put("doubled", total.doubled);
    put("backlog", backlog);
    put("rolled-back", total.rolledBack);
    $("rolled-back-seen").textContent = total.rolledBackSeen ? total.rolledBackSeen + " delivered!" : "none delivered";
    $("rolled-back-seen").classList.toggle("bad", total.rolledBackSeen > 0);
    if (outage && backlog > outage.count) stored(backlog);
    if (drainingSince && isQuiet() && !total.missing) {
      const time = performance.now() - drainingSince;
      drainingSince = undefined;
      note(`All delivered, ${seconds(time)} after Redis was back`, "good");
    }
    drawServer();
  });
}

function put(id, value) {
  const it = $(id);
  it.textContent = number.format(value);
  it.parentElement.classList.toggle("some", value > 0);
}

// ---- windows

function openWindow(key, port) {
  const root = $("window-" + key);
  const window = windows[key] = {
    key,
    list: root.querySelector(".messages"),
    state: root.querySelector(".state"),
    items: new Map(), // id of a message or burst → element
    newest: {}, // publisher → order of its newest message
  };
  root.querySelector(".address").textContent = ":" + port;
  const rt = connect(`ws://${location.hostname}:${port}/realtime`,
    { data: { name: "Window " + key.toUpperCase() }, minDelay: 100, maxDelay: 1500, name: "demo-page" });
  const room = window.room = rt.room(ROOM, { joinLeave: false });
  let position;
  rt.on("state", ({ state }) => {
    window.connection = state;
    draw();
  });
  room.on("publication", publication => {
    position = publication.offset ?? position;
    arrived(window, publication, false);
  });
  room.on("subscribed", ({ wasRecovering, recovered, publications }) => {
    if (wasRecovering && recovered) {
      mark(window, publications.length ? `back: got ${some(publications.length, "missed message")}` : "back: nothing was missed", "good");
    } else if (wasRecovering) {
      mark(window, "told that something is missing, reads the history", "warn");
      note(`Window ${key.toUpperCase()} was told of a gap`, "warn");
      readHistory(window);
    }
    stir();
  });
  root.querySelector("form").addEventListener("submit", event => {
    event.preventDefault();
    const input = event.target.elements.text;
    if (input.value.trim()) say(window, input.value.trim());
    input.value = "";
  });
}

async function readHistory(window) {
  try {
    const { publications } = await window.room.history({ limit: 5000 });
    publications.forEach(publication => arrived(window, publication, true));
  } catch (e) {
    note("The history could not be read: " + e.message, "bad");
  }
}

async function say(window, text) {
  const { key } = window;
  const order = ++lastId;
  const it = message(`${key}-${order}`, key, order, { text, sending: true });
  show(window, it);
  try {
    await window.room.publish({ id: it.id, text });
    acknowledged(it);
  } catch (e) {
    it.failure = e.message;
    note(`Not acknowledged to window ${key.toUpperCase()}: ${e.message}`, "warn");
  }
  it.sending = false;
  show(window, it);
  setTimeout(show, 300, window, it); // what is not back by now is waiting
  draw();
}

function show(window, it) {
  if (it.batch) return showBurst(window, it.batch);
  let item = window.items.get(it.id);
  const own = it.by === window.key;
  const first = !item;
  if (first) {
    const from = it.by === "?" || it.rolledBack ? "Server" : "Window " + it.by.toUpperCase();
    item = element("li", { className: "message" + (own ? " own" : "") },
      element("p", { className: "text", textContent: it.text ?? it.id, title: from }), element("small", {}));
    window.items.set(it.id, item);
  }
  const here = it.got[window.key] > 0;
  const waiting = own && !here;
  if (first || item.classList.contains("waiting") && !waiting) append(window, item, waiting);
  item.classList.toggle("waiting", waiting);
  const late = performance.now() - (it.since ??= performance.now()) > 250;
  const small = item.querySelector("small");
  small.textContent = own ? fate(it, here, late) : "";
  small.className = it.failure ? "bad" : waiting && it.acked && (late || outage) ? "warn" : "";
  if (here) KEYS.forEach(key => key !== window.key && key === it.by && windows[key].items.has(it.id) && show(windows[key], it));
}

function fate(it, here, late) {
  if (it.got.a && it.got.b) return "delivered to both";
  if (here) return "delivered here";
  if (it.failure) return "not acknowledged";
  if (!it.acked) return late ? "not acknowledged yet" : "";
  return late || outage ? "stored, waiting" : "";
}

/** Appends in the order of the room: what waits stays last. */
function append(window, item, waiting) {
  const { list } = window;
  const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 40;
  const firstWaiting = waiting ? null : [...list.children].find(it => it !== item && it.classList.contains("waiting"));
  list.insertBefore(item, firstWaiting ?? null);
  if (atEnd || waiting) list.scrollTop = list.scrollHeight;
}

function mark(window, text, kind) {
  append(window, element("li", { className: "mark " + kind, textContent: text }), false);
}

function showBurst(window, batch) {
  let item = window.items.get(batch);
  if (!item) {
    item = element("li", { className: "burst" }, element("p", {}), element("progress", { max: batch.size, value: 0 }));
    item.querySelector("progress").setAttribute("aria-label", "Messages of the burst");
    window.items.set(batch, item);
    append(window, item, false);
  }
  if (batch.drawing?.[window.key]) return;
  (batch.drawing ??= {})[window.key] = true;
  requestAnimationFrame(() => {
    batch.drawing[window.key] = false;
    const here = batch.messages.filter(it => it.got[window.key]).length;
    item.querySelector("p").textContent = `Burst ${batch.number}: ${number.format(here)} of ${number.format(batch.size)}`;
    item.querySelector("progress").value = here;
    item.classList.toggle("complete", here === batch.size);
  });
}

// ---- what the server does

async function post(path, parameters = {}) {
  const response = await fetch("/demo/api/" + path, { method: "POST", body: new URLSearchParams(parameters) });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** Does what a button says, once at a time. */
function button(id, action) {
  $(id).addEventListener("click", async () => {
    $(id).classList.add("busy");
    $(id).disabled = true;
    try {
      await action();
    } catch (e) {
      note("That did not work: " + e.message, "bad");
    }
    $(id).classList.remove("busy");
    await poll();
    draw();
  });
}

function stored(backlog) {
  outage.entry ??= note("", "warn");
  outage.count = backlog;
  outage.entry.querySelector("span").textContent = some(outage.count, "message") + " stored";
}

button("redis-stop", async () => {
  drainingSince = undefined;
  await post("redis/stop");
  server.redis = false;
  note("Redis stopped", "bad");
  outage = { count: 0 };
});

button("redis-start", async () => {
  await post("redis/start");
  outage = undefined;
  drainingSince = performance.now();
  note("Redis is back", "good");
});

button("node-b", async () => {
  if (server.nodes[1]?.up) {
    await post("node-b/stop");
    note("Node B killed", "bad");
  } else {
    const since = performance.now();
    await post("node-b/start");
    note(`Node B is back, it took ${seconds(performance.now() - since)} to start`, "good");
  }
});

button("rollback", async () => {
  const it = message(`rollback-${++rollbacks}`, "rollback", rollbacks, { text: "rolled back", rolledBack: true });
  await post("rollback", { room: ROOM, id: it.id });
  note("Sent by node A, and rolled back");
  stir();
});

button("burst", async () => {
  const batch = { number: ++bursts, size: BURST, messages: [] };
  const name = "burst" + batch.number;
  bursting = true;
  for (let i = 1; i <= BURST; i++) batch.messages.push(message(`${name}-${i}`, name, i, { batch }));
  note(`Burst: node A publishes ${number.format(BURST)} messages`);
  try {
    for (let from = 1; from <= BURST; from += CHUNK) {
      const to = from + CHUNK - 1;
      await post("burst", { room: ROOM, batch: name, from, to });
      batch.messages.slice(from - 1, to).forEach(acknowledged);
    }
  } finally {
    bursting = false;
  }
});

async function poll() {
  try {
    const response = await fetch("/demo/api/state");
    if (response.ok) server = await response.json();
  } catch { /* the next time, then */ }
  draw();
}

const RELAY = { LIVE: "live", DEAF: "joins Redis…", DOWN: "no Redis" };

function drawServer() {
  $("redis-stop").disabled = !server.redis || $("redis-stop").classList.contains("busy");
  $("redis-start").disabled = server.redis || $("redis-start").classList.contains("busy");
  const b = server.nodes[1];
  const nodeB = $("node-b");
  if (!nodeB.classList.contains("busy")) {
    nodeB.disabled = !b;
    nodeB.textContent = b?.up === false ? "Start node B" : "Kill node B";
    nodeB.classList.toggle("danger", b?.up !== false);
  }
  for (const id of ["rollback", "burst"]) $(id).disabled = $(id).classList.contains("busy");
  $("part-redis").classList.toggle("off", !server.redis);
  KEYS.forEach((key, i) => {
    const node = server.nodes[i], window = windows[key];
    if (!node) return;
    $("part-" + key).classList.toggle("off", !node.up);
    $("wire-" + key).classList.toggle("off", !node.up || node.relay !== "LIVE");
    $("wire-" + key).title = RELAY[node.relay];
    const connected = window.connection === "connected";
    const state = !node.up ? "stopped" : !connected ? "connecting" : node.relay === "LIVE" ? "connected" : "alone";
    window.state.dataset.state = state;
    window.state.textContent = state === "stopped" ? "node is stopped" : state === "connecting" ? "reconnecting…"
      : (state === "alone" ? RELAY[node.relay] : "connected") + (node.backlog ? ` · ${number.format(node.backlog)} stored` : "");
  });
}

function note(text, kind = "") {
  const now = new Date();
  const entry = element("li", { className: kind }, element("time", { dateTime: now.toISOString(), textContent: clock.format(now) }),
    element("span", { textContent: text }));
  $("events").prepend(entry);
  while ($("events").childElementCount > 100) $("events").lastElementChild.remove();
  return entry;
}

// ---- start

async function start() {
  await poll();
  if (server.nodes.length !== 2) return setTimeout(start, 500);
  KEYS.forEach((key, i) => openWindow(key, server.nodes[i].port));
  note("Say something in both windows, and stop Redis");
  setInterval(poll, 250);
}

start();
