// The page of the sample: plain DOM, no build, and the client that the server brings along.

import { connect } from "./realtime/client.js";

const ROOMS = ["lobby", "random", "help"];
const HISTORY = 100; // messages to load on join
const KEPT = 500; // messages to keep on the page
const GROUP = 5 * 60 * 1000; // messages of one person within this time stand together

const $ = id => document.getElementById(id);
const ui = Object.fromEntries(["rooms", "me", "my-avatar", "my-name", "title", "state", "people", "count", "notice",
  "log", "messages", "newest", "composer", "text", "members", "members-panel", "rename", "rename-form", "name", "cancel"]
  .map(id => [id, $(id)]));

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

const who = {}; // sent with each connect: the name, once there is one, stays through reconnects
let rt; // the connection
let current; // the room on the page
let atEnd = true; // whether the newest message is in sight
let noticeTimer;

/** Creates an element with properties, and children that are elements or text. */
function element(tag, properties, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

// ---- names

const nameOf = member => member?.connInfo?.name ?? (member?.user || "Guest");

/** The same name has the same colour on every page. */
function hue(name) {
  let hash = 2166136261;
  for (const c of name) hash = Math.imul(hash ^ c.codePointAt(0), 16777619) >>> 0;
  return hash % 360;
}

function paint(avatar, name) {
  avatar.textContent = [...name][0]?.toUpperCase() ?? "?";
  avatar.style.setProperty("--hue", hue(name));
  return avatar;
}

const avatar = name => {
  const it = element("span", { className: "avatar" });
  it.setAttribute("aria-hidden", "true");
  return paint(it, name);
};

// ---- connection

const STATES = {
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  connected: "Connected",
  disconnected: "Disconnected",
};

function show(state, reason) {
  ui.state.dataset.state = state;
  ui.state.textContent = STATES[state] + (reason ? ": " + reason : "");
}

function start() {
  let before = false;
  rt = connect({ data: who, name: "chat-page" });
  const mine = rt;
  rt.on("state", ({ state, reason }) => {
    if (mine !== rt) return;
    if (state === "connected") {
      before = true;
      remember(rt.data.name);
    }
    if (state === "disconnected") show(state, reason);
    else show(state === "connecting" && before ? "reconnecting" : state);
  });
  show("connecting");
  enter();
}

function remember(name) {
  who.name = name;
  sessionStorage.setItem("name", name);
  ui["my-name"].textContent = name;
  paint(ui["my-avatar"], name);
}

function notify(text) {
  ui.notice.textContent = text;
  ui.notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => ui.notice.hidden = true, 8000);
}

// ---- rooms

function wanted() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || ROOMS[0];
  } catch {
    return ROOMS[0]; // not an address of ours
  }
}

/** Enters the room that the address names, and leaves the one before. */
function enter() {
  current?.room.leave();
  const name = wanted();
  const view = current = {
    name,
    room: rt.room("chat:" + name),
    epoch: undefined, // of the stream that is shown
    offset: 0, // of the newest message that is shown
    held: null, // publications that wait until the history is here
    members: new Map(), // connection id → name
    changes: null, // of the members, while the list is loaded
    last: {}, // message on the page
  };
  ui.messages.replaceChildren();
  toEnd();
  ui.title.textContent = "# " + name;
  document.title = name + " · Chat";
  drawRooms(name);
  drawMembers(view);
  const mine = listener => event => view === current && listener(view, event);
  view.room.on("subscribed", mine(subscribed));
  view.room.on("publication", mine(published));
  view.room.on("join", mine((_, member) => changed(view, members => members.set(member.client, nameOf(member)))));
  view.room.on("leave", mine((_, member) => changed(view, members => members.delete(member.client))));
  view.room.on("unsubscribed", mine((_, { code, reason }) => code && notify(`You are not in ${name}: ${reason}.`)));
}

function subscribed(view, { recovered, wasRecovering, publications }) {
  loadMembers(view);
  if (!wasRecovering) return loadHistory(view);
  if (!recovered) {
    mark("gap", "Reconnected, but not everything could be recovered: messages may be missing here");
    return loadHistory(view);
  }
  const n = publications.length;
  mark("recovered", "Reconnected: " + (n ? `recovered ${n} missed message${n > 1 ? "s" : ""}` : "recovered, nothing was missed"));
}

/** Shows the newest part of the history; what is published meanwhile waits. */
async function loadHistory(view) {
  const held = view.held = [];
  try {
    const { epoch, publications } = await view.room.history({ limit: HISTORY, reverse: true });
    if (view !== current || view.held !== held) return;
    if (epoch !== view.epoch) Object.assign(view, { epoch, offset: 0 });
    publications.reverse().forEach(publication => say(view, publication));
    if (!ui.messages.childElementCount) mark("empty", "Nothing has been said here yet");
  } catch (e) {
    if (view === current && view.room.state === "subscribed") notify("The history could not be loaded: " + e.message);
  }
  if (view !== current || view.held !== held) return;
  view.held = null;
  held.forEach(publication => say(view, publication));
}

function published(view, publication) {
  if (view.held) view.held.push(publication);
  else say(view, publication);
}

function drawRooms(active) {
  ui.rooms.replaceChildren(...[...new Set([...ROOMS, active])].map(name => {
    const link = element("a", { href: "#" + encodeURIComponent(name), textContent: name });
    if (name === active) link.setAttribute("aria-current", "page");
    return element("li", {}, link);
  }));
}

// ---- members

async function loadMembers(view) {
  const changes = view.changes = [];
  try {
    const members = Object.values(await view.room.presence());
    if (view.changes !== changes) return;
    view.members = new Map(members.map(member => [member.client, nameOf(member)]));
  } catch {
    if (view.changes !== changes) return; // else: go on with what joins and leaves
  }
  view.changes = null;
  changes.forEach(change => change(view.members));
  if (view === current) drawMembers(view);
}

function changed(view, change) {
  if (view.changes) view.changes.push(change);
  else {
    change(view.members);
    drawMembers(view);
  }
}

function drawMembers(view) {
  const names = [...new Set(view.members.values())].sort((a, b) => a.localeCompare(b));
  ui.count.textContent = names.length;
  ui.members.replaceChildren(...names.map(name => {
    const label = element("span", { className: "name", textContent: name });
    return element("li", {}, avatar(name), label, ...(name === who.name ? [element("small", { textContent: "you" })] : []));
  }));
}

// ---- messages

const textOf = data => typeof data?.text === "string" ? data.text : JSON.stringify(data) ?? "";

function say(view, { data, info, offset, time = Date.now(), recovered }) {
  if (offset !== undefined) {
    if (offset <= view.offset) return;
    view.offset = offset;
  }
  const name = info ? nameOf(info) : "Server";
  const own = !!info && name === who.name;
  const day = new Date(time).toDateString();
  if (day !== view.last.day && (view.last.day || day !== new Date().toDateString()))
    add(element("li", { className: "mark day" }, element("span", { textContent: calendar.format(time) })));
  const follows = view.last.item === ui.messages.lastElementChild && view.last.name === name && view.last.day === day
    && time - view.last.time < GROUP;
  const stamp = element("time", { dateTime: new Date(time).toISOString(), textContent: clock.format(time) });
  const head = element("p", { className: "head" }, element("b", { textContent: name }), " ", stamp);
  const text = element("p", { className: "text", textContent: textOf(data) });
  const item = element("li", { className: "message" }, avatar(name), element("div", { className: "body" }, head, text));
  item.classList.toggle("own", own);
  item.classList.toggle("follows", follows);
  item.classList.toggle("server", !info);
  if (recovered) {
    item.classList.add("was-missed");
    text.after(element("small", { className: "badge", textContent: "recovered" }));
  }
  Object.assign(view.last, { item, name, time, day });
  add(item, own);
}

function mark(kind, text) {
  add(element("li", { className: "mark " + kind }, element("span", { textContent: text })));
}

function add(item, follow) {
  ui.messages.querySelector(".empty")?.remove();
  ui.messages.append(item);
  while (ui.messages.childElementCount > KEPT) ui.messages.firstElementChild.remove();
  if (atEnd || follow) toEnd();
  else ui.newest.hidden = false;
}

function toEnd() {
  atEnd = true;
  ui.log.scrollTop = ui.log.scrollHeight;
  ui.newest.hidden = true;
}

async function send() {
  const { room } = current;
  const text = ui.text.value;
  if (!text.trim()) return;
  ui.text.value = "";
  ui.text.focus();
  try {
    await room.publish({ text });
  } catch (e) {
    if (!ui.text.value) ui.text.value = text;
    notify(e.code === 3 || e.message.startsWith("connection lost")
      ? "The connection was lost while sending: your message may or may not have arrived."
      : "Not sent: " + e.message + ".");
  }
}

// ---- what the user does

ui.composer.addEventListener("submit", event => {
  event.preventDefault();
  send();
});

ui.text.addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});

ui.newest.addEventListener("click", toEnd);

ui.log.addEventListener("scroll", () => {
  atEnd = ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 80;
  if (atEnd) ui.newest.hidden = true;
}, { passive: true });

new ResizeObserver(() => atEnd && toEnd()).observe(ui.log); // keyboards and notices come and go

ui.people.addEventListener("click", () => {
  const open = ui["members-panel"].classList.toggle("open");
  ui.people.setAttribute("aria-expanded", open);
});

ui.me.addEventListener("click", () => {
  ui.name.value = who.name ?? "";
  ui.rename.showModal();
  ui.name.select();
});

ui.cancel.addEventListener("click", () => ui.rename.close());

ui["rename-form"].addEventListener("submit", () => {
  const name = ui.name.value.trim();
  if (!name || name === who.name) return;
  who.name = name;
  current = null;
  rt.close();
  start(); // a name belongs to a connection
});

addEventListener("hashchange", () => wanted() !== current?.name && enter());

who.name = sessionStorage.getItem("name") ?? undefined;
start();
if (matchMedia("(hover: hover)").matches) ui.text.focus();
