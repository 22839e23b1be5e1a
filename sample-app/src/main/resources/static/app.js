// The page of the sample: plain DOM, no build, and the client that the server brings along.

import { connect } from "./realtime/client.js";

const LOBBY = "lobby";
const HISTORY = 100; // messages to load on join
const KEPT = 500; // messages to keep on the page
const GROUP = 5 * 60 * 1000; // messages of one person within this time stand together
const TYPING = 4000; // how long somebody is typing after a sign of it; signs are sent twice as often
const LIST = 10000; // how often the list of rooms is loaded, unless something happens

const $ = id => document.getElementById(id);
const ui = Object.fromEntries(["rooms", "talks", "talks-title", "me", "my-avatar", "my-name", "title", "topic", "state",
  "people", "count", "notice", "log", "typing", "newest", "composer", "text", "error", "members", "members-title",
  "members-panel", "rename", "rename-form", "name", "cancel"].map(id => [id, $(id)]));

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

const who = {}; // sent with each connect: the name, once there is one, stays through reconnects
const talks = new Map(); // name → view of what is said privately with that person
let summaries = []; // what the server tells about rooms
let rt; // the connection
let room; // view of the room that this page is in
let shown; // the view on the page: the room, or a talk
let atEnd = true; // whether the newest message is in sight
let listIsDue = false; // whether the list of rooms is about to be loaded
let noticeTimer, listTimer;

/** Creates an element with properties, and children that are elements or text. */
function element(tag, properties, ...children) {
  const it = Object.assign(document.createElement(tag), properties);
  it.append(...children);
  return it;
}

/** Brings a list up to date, and leaves items that stay alone: one of them may have the focus. */
function fill(list, keys, create) {
  const old = new Map([...list.children].map(item => [item.dataset.key, item]));
  const items = keys.map(key => old.get(key) ?? create(key));
  for (const item of old.values()) if (!items.includes(item)) item.remove();
  items.forEach((item, i) => {
    item.dataset.key = keys[i];
    if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
  });
  return items;
}

const NOTHING = "Nothing has been said here yet";

const some = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

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
      loadRoomsSoon();
    }
    if (state === "disconnected") show(state, reason);
    else show(state === "connecting" && before ? "reconnecting" : state);
  });
  rt.on("room", inbox => mine === rt && inbox.name.startsWith("inbox:") && openInbox(inbox));
  show("connecting");
  go();
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

// ---- views: the room, and talks

const createView = (name, isTalk) => ({
  name,
  isTalk,
  list: element("ol", { className: "messages" }),
  last: {}, // message in the list
  unread: 0,
  draft: "",
});

function talkWith(name) {
  if (!talks.has(name)) talks.set(name, createView(name, true));
  return talks.get(name);
}

/** Shows what the address names: #lobby is a room, #~Ann what is said privately with Ann. */
function go() {
  let name = "";
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch { /* not an address of ours */ }
  const isTalk = name.length > 1 && name.startsWith("~");
  if (!isTalk && (name || LOBBY) !== room?.name) enter(name || LOBBY);
  else if (!room) enter(LOBBY);
  open(isTalk ? talkWith(name.slice(1)) : room);
}

function open(view) {
  if (shown) shown.draft = ui.text.value;
  shown = view;
  view.unread = 0;
  ui.log.replaceChildren(view.list);
  toEnd();
  ui.title.textContent = (view.isTalk ? "@ " : "# ") + view.name;
  document.title = view.name + " · Chat";
  ui.text.value = view.draft;
  ui.text.placeholder = view.isTalk ? "Message to " + view.name : "Message";
  if (view.isTalk && !view.list.childElementCount) mark(view, "empty", NOTHING);
  closeMembers();
  complain("");
  drawTopic();
  drawTyping();
  drawRooms();
  document.querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function drawTopic() {
  ui.topic.textContent = shown.isTalk ? "Private: only the two of you see this" : room.topic;
}

/** Passes on what is said in a room: first its history, then what comes, each publication once and in order. */
function follow(source, take, { gap, recovered, ready } = {}) {
  let epoch, offset = 0;
  let loaded = false;
  let held = null; // publications that wait until the history is here
  const pass = (publication, isOld) => {
    if (publication.offset <= offset) return;
    offset = publication.offset ?? offset;
    take(publication, isOld);
  };
  const load = async () => {
    const mine = held = [];
    let history;
    try {
      history = await source.history({ limit: HISTORY, reverse: true });
    } catch (e) {
      if (held === mine && source.state === "subscribed") notify("The history could not be loaded: " + e.message);
    }
    if (held !== mine) return;
    held = null;
    if (history) {
      if (history.epoch !== epoch) [epoch, offset] = [history.epoch, 0];
      history.publications.reverse().forEach(publication => pass(publication, true));
      loaded = true;
      ready?.();
    }
    mine.forEach(publication => pass(publication, false));
  };
  source.on("publication", publication => held ? held.push(publication) : pass(publication, false));
  source.on("subscribed", event => {
    if (event.wasRecovering && event.recovered && loaded) return recovered?.(event.publications.length);
    if (event.wasRecovering && !event.recovered) gap?.();
    return load();
  });
}

// ---- rooms

function enter(name) {
  room?.source.leave();
  room?.signs.leave();
  const view = room = Object.assign(createView(name, false), {
    source: rt.room("chat:" + name),
    signs: rt.room("typing:" + name, { joinLeave: false }),
    topic: "",
    members: new Map(), // connection id → name
    changes: null, // of the members, while the list is loaded
    typists: new Map(), // name → timer
    told: 0, // when the others were told that this one is typing
  });
  ui["members-title"].textContent = "Who is in " + name;
  drawMembers(view);
  const { source } = view;
  const mine = listener => event => view === room && listener(event);
  source.on("subscribed", mine(({ data }) => {
    view.topic = data?.topic ?? "";
    drawTopic();
    loadMembers(view);
    loadRoomsSoon();
  }));
  follow(source, (publication, isOld) => {
    typed(view, publication.data.from);
    say(view, publication, isOld);
    if (!isOld) loadRoomsSoon();
  }, {
    ready: () => view.list.childElementCount || mark(view, "empty", NOTHING),
    gap: () => mark(view, "gap", "Reconnected, but not everything could be recovered: messages may be missing here"),
    recovered: n => mark(view, "recovered",
      "Reconnected: " + (n ? `recovered ${n} missed message${n > 1 ? "s" : ""}` : "recovered, nothing was missed")),
  });
  source.on("join", mine(member => changed(view, members => members.set(member.client, nameOf(member)))));
  source.on("leave", mine(member => changed(view, members => members.delete(member.client))));
  source.on("unsubscribed", mine(({ code, reason }) => code && notify(`You are not in ${name}: ${reason}.`)));
  view.signs.on("publication", mine(({ data }) => typing(view, data.from)));
}

async function loadRooms() {
  listIsDue = false;
  const mine = rt;
  try {
    const list = await rt.rpc("rooms.list");
    if (mine !== rt) return;
    summaries = list;
    drawRooms();
  } catch { /* the next time, then */ }
  if (!listIsDue) loadRoomsIn(LIST);
}

function loadRoomsIn(ms) {
  clearTimeout(listTimer);
  listTimer = setTimeout(loadRooms, ms);
}

function loadRoomsSoon() {
  if (listIsDue) return;
  listIsDue = true;
  loadRoomsIn(300);
}

function drawRooms() {
  const names = [...new Set([...summaries.map(({ name }) => name), room.name])];
  fill(ui.rooms, names, name => link("#" + encodeURIComponent(name), name)).forEach((item, i) => {
    const { messages = 0, members = 0 } = summaries[i] ?? {};
    const isRoom = names[i] === room.name;
    drawLink(item, isRoom && room === shown, isRoom ? room.unread : 0,
      (messages ? some(messages, "message") : "No messages") + (members ? `, ${members} here` : ""));
  });
  fill(ui.talks, [...talks.keys()], name => link("#~" + encodeURIComponent(name), name))
    .forEach(item => drawLink(item, talks.get(item.dataset.key) === shown, talks.get(item.dataset.key).unread, ""));
  ui["talks-title"].hidden = !talks.size;
}

function link(href, name) {
  const label = element("span", { className: "label", textContent: name });
  const more = element("small", { className: "more" });
  const unread = element("span", { className: "unread" });
  return element("li", {}, element("a", { href }, element("span", { className: "lines" }, label, more), unread));
}

function drawLink(item, isCurrent, unread, more) {
  const it = item.firstElementChild;
  if (isCurrent) it.setAttribute("aria-current", "page");
  else it.removeAttribute("aria-current");
  it.querySelector(".more").textContent = more;
  const badge = it.querySelector(".unread");
  badge.textContent = unread || "";
  badge.title = unread ? some(unread, "new message") : "";
}

// ---- private messages: they come into an inbox, into which the server has put this page

function openInbox(inbox) {
  follow(inbox, (publication, isOld) => {
    const { from, to } = publication.data;
    say(talkWith(from === who.name ? to : from), publication, isOld);
    drawRooms();
  }, { gap: () => talks.size && notify("Private messages may be missing.") });
}

// ---- members

async function loadMembers(view) {
  const changes = view.changes = [];
  try {
    const members = Object.values(await view.source.presence());
    if (view.changes !== changes) return;
    view.members = new Map(members.map(member => [member.client, nameOf(member)]));
  } catch {
    if (view.changes !== changes) return; // else: go on with what joins and leaves
  }
  view.changes = null;
  changes.forEach(change => change(view.members));
  if (view === room) drawMembers(view);
}

function changed(view, change) {
  if (view.changes) view.changes.push(change);
  else {
    change(view.members);
    drawMembers(view);
    loadRoomsSoon();
  }
}

function drawMembers(view) {
  const names = [...new Set(view.members.values())].sort((a, b) => a.localeCompare(b));
  ui.count.textContent = names.length;
  fill(ui.members, names, name => {
    const label = element("span", { className: "name", textContent: name });
    if (name === who.name) {
      const you = element("small", { textContent: "you" });
      return element("li", {}, element("span", { className: "person" }, avatar(name), label, you));
    }
    const person = element("button", { type: "button", className: "person" }, avatar(name), label);
    person.title = "Write to " + name;
    person.addEventListener("click", () => {
      location.hash = "~" + encodeURIComponent(name);
      closeMembers();
      ui.text.focus();
    });
    return element("li", {}, person);
  });
}

function closeMembers() {
  ui["members-panel"].classList.remove("open");
  ui.people.setAttribute("aria-expanded", false);
}

// ---- typing

function typing(view, name) {
  if (name === who.name) return; // on another page
  clearTimeout(view.typists.get(name));
  view.typists.set(name, setTimeout(typed, TYPING, view, name));
  drawTyping();
}

function typed(view, name) {
  clearTimeout(view.typists.get(name));
  if (view.typists.delete(name)) drawTyping();
}

function drawTyping() {
  const names = shown.isTalk ? [] : [...room.typists.keys()];
  ui.typing.textContent = names.length > 2 ? "Several people are typing…"
    : names.length ? `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…` : "";
}

function tellTyping() {
  if (shown.isTalk || !ui.text.value.trim() || rt.state !== "connected") return;
  if (Date.now() - room.told < TYPING / 2) return;
  room.told = Date.now();
  rt.send({ room: room.name });
}

// ---- messages

function say(view, { data, recovered }, isOld) {
  const name = data.from ?? "Server";
  const own = data.from === who.name;
  const time = Date.parse(data.at);
  const day = new Date(time).toDateString();
  if (day !== view.last.day && (view.last.day || day !== new Date().toDateString()))
    add(view, element("li", { className: "mark day" }, element("span", { textContent: calendar.format(time) })));
  const follows = view.last.item === view.list.lastElementChild && view.last.from === data.from && view.last.day === day
    && time - view.last.time < GROUP;
  const stamp = element("time", { dateTime: data.at, textContent: clock.format(time) });
  const head = element("p", { className: "head" }, element("b", { textContent: name }), " ", stamp);
  const text = element("p", { className: "text", textContent: data.text });
  const item = element("li", { className: "message" }, avatar(name), element("div", { className: "body" }, head, text));
  item.classList.toggle("own", own);
  item.classList.toggle("follows", follows);
  item.classList.toggle("server", !data.from);
  if (recovered) {
    item.classList.add("was-missed");
    text.after(element("small", { className: "badge", textContent: "recovered" }));
  }
  Object.assign(view.last, { item, from: data.from, time, day });
  add(view, item, own);
  if (view === shown || own || isOld) return;
  view.unread++;
  drawRooms();
}

function mark(view, kind, text) {
  add(view, element("li", { className: "mark " + kind }, element("span", { textContent: text })));
}

function add(view, item, follow) {
  view.list.querySelector(".empty")?.remove();
  view.list.append(item);
  while (view.list.childElementCount > KEPT) view.list.firstElementChild.remove();
  if (view !== shown) return;
  if (atEnd || follow) toEnd();
  else ui.newest.hidden = false;
}

function toEnd() {
  atEnd = true;
  ui.log.scrollTop = ui.log.scrollHeight;
  ui.newest.hidden = true;
}

/** What is wrong with a message is the server's business, so that all clients are told the same. */
async function send() {
  const view = shown;
  const text = ui.text.value;
  ui.text.value = "";
  ui.text.focus();
  complain("");
  try {
    if (view.isTalk) await rt.rpc("messages.private", { to: view.name, text });
    else await view.source.publish({ text });
    view.told = 0;
  } catch (e) {
    if (view !== shown) view.draft ||= text;
    else if (!ui.text.value) ui.text.value = text;
    complain(e.code === 400 ? e.message.replace(/^\w+: /, "") + "."
      : e.code === 3 || e.message.startsWith("connection lost")
        ? "The connection was lost while sending: your message may or may not have arrived."
        : "Not sent: " + e.message + ".");
  }
}

function complain(text) {
  ui.error.textContent = text;
  ui.error.hidden = !text;
  ui.text.setAttribute("aria-invalid", !!text);
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

ui.text.addEventListener("input", () => {
  complain("");
  tellTyping();
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
  room = shown = null;
  talks.clear(); // they were somebody else's
  ui.members.replaceChildren();
  rt.close();
  start(); // a name belongs to a connection
});

addEventListener("hashchange", go);

who.name = sessionStorage.getItem("name") ?? undefined;
start();
if (matchMedia("(hover: hover)").matches) ui.text.focus();
