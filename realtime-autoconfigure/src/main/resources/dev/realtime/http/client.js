// SPDX-License-Identifier: Apache-2.0
// Browser client for realtime rooms: one ES module, no dependency, served as it stands. Typings: client.d.ts.
//
//   const rt = connect();
//   const room = rt.room("chat:lobby");
//   room.on("publication", ({ data }) => console.log(data));
//   await room.publish({ text: "hello" });

const TIMEOUT = 5000; // for the answer to a command; also how long a command waits for a connection
const PATIENCE = 10000; // for the socket to open, and on top of the server's ping interval
const MAX_FRAME = 16384; // characters of batched commands: at most 48 KiB in UTF-8, servers accept 64
const MAX_TIMER = 2 ** 31 - 1; // a longer setTimeout fires at once
const KEPT_IDS = 1000;

// Codes < 100 are this client's own: 0 closed or left, 1 unauthorized, 2 no ping, 3 timeout, 4 unsubscribe failed,
// 5 malformed frame, 6 socket refused, 7 not connected, 8 connection closed, 9 getToken failed.
const fault = (code, message, temporary = false) => Object.assign(new Error(message), { code, temporary });

const isFinal = code => code === 1009 || (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);

const toMember = i => i && { user: i.user, client: i.client, connInfo: i.conn_info, roomInfo: i.chan_info };

const toPublication = ({ data, info, offset, tags, time }, recovered) =>
  ({ data, info: toMember(info), offset, tags, time, recovered });

function events() {
  const listeners = new Map();
  return {
    on(type, listener) {
      if (!listeners.has(type)) listeners.set(type, new Set());
      const set = listeners.get(type).add(listener);
      return () => void set.delete(listener);
    },
    emit(type, event) {
      for (const listener of [...(listeners.get(type) ?? [])]) {
        try {
          listener(event);
        } catch (e) {
          console.error(e); // a listener's mistake is not the connection's
        }
      }
    },
  };
}

function locate(url) {
  const it = url == null ? new URL(".", import.meta.url) : new URL(url, globalThis.location?.href ?? import.meta.url);
  if (url == null) it.pathname = it.pathname.slice(0, -1); // …/realtime/client.js → …/realtime
  it.hash = "";
  const href = it.href.replace(/^http/, "ws");
  if (!/^wss?:/.test(href)) throw new TypeError("Not a WebSocket URL: " + href);
  return href;
}

export function connect(url, options = {}) {
  if (url && typeof url === "object" && !(url instanceof URL)) [url, options] = [null, url];
  const { minDelay = 500, maxDelay = 20000, name = "realtime-js" } = options;
  const address = locate(url);
  const { on, emit } = events();
  const self = { token: options.token, getToken: options.getToken, emit }; // what the connection shares with a room
  const rooms = new Map(); // name → record of a room that is not unsubscribed
  const pending = new Map(); // id → command that is queued or not answered yet
  let state = "connecting", client = null, data, since;
  let socket = null, live = false; // live: the socket is open and `connect` is on its way
  let lastId = 0, out = "", tries = 0, ping = 0, pong = false, watchdog, retryTimer;

  // Full jitter: a random part of an exponentially growing delay.
  const backoff = n => Math.max(5, Math.random() * Math.min(maxDelay, minDelay * 2 ** n));

  const fetchToken = it => new Promise(resolve => resolve(it.getToken(it.name)))
    .catch(e => { throw fault(9, "getToken failed: " + (e?.message ?? e), true); });

  // ---- commands: callbacks, not promises, so that a reply takes effect before the push behind it in the same frame

  // All commands of one turn of the event loop leave in one frame.
  function write(line) {
    if (out && out.length + line.length >= MAX_FRAME) flush();
    if (!out) queueMicrotask(flush);
    out += (out && "\n") + line;
  }

  function flush() {
    const frame = out;
    out = "";
    if (frame && live) socket.send(frame);
  }

  function call(method, params, done, now = live) {
    const id = ++lastId;
    const line = JSON.stringify(method === "send" ? { send: params } : { id, [method]: params });
    const command = { method, line, done };
    command.timer = setTimeout(() =>
      settle(id, command.sent ? fault(3, method + " timed out", true) : fault(7, "not connected", true)), TIMEOUT);
    pending.set(id, command);
    if (now) transmit(id, command);
  }

  function transmit(id, command) {
    command.sent = true;
    write(command.line);
    if (command.method === "send") settle(id); // has no reply
  }

  function settle(id, error, result = {}) {
    const command = pending.get(id);
    if (!command) return;
    pending.delete(id);
    clearTimeout(command.timer);
    command.done(error, result);
  }

  // A command of the application: waits for the connection, answers with a promise.
  const request = (method, params, view = () => undefined) => new Promise((resolve, reject) => {
    if (state === "disconnected") throw fault(8, "connection closed");
    call(method, params, (e, result) => e ? reject(e) : resolve(result), state === "connected");
  }).then(view);

  // ---- connection

  function open() {
    retryTimer = undefined;
    if (self.token != null || !self.getToken) return dial();
    fetchToken(self).then(token => {
      if (state !== "connecting") return;
      if (token == null) return lost(1, "unauthorized", true);
      self.token = token;
      dial();
    }, e => state === "connecting" && lost(e.code, e.message));
  }

  function dial() {
    let s;
    try {
      s = socket = new WebSocket(address);
    } catch (e) {
      return lost(6, e.message, true);
    }
    watch(PATIENCE, 3, "connect timed out");
    s.onopen = () => {
      if (s !== socket) return;
      live = true;
      watch();
      let subs;
      for (const r of rooms.values()) if (r.granted && r.epoch != null) (subs ??= {})[r.name] = position(r);
      call("connect", { token: self.token || undefined, data: options.data, name, subs }, (e, result) => {
        if (s === socket) e ? refused(e) : connected(s, result);
      });
      for (const r of rooms.values()) subscribe(r);
    };
    s.onmessage = ({ data: frame }) => {
      if (s !== socket) return;
      watch();
      try {
        for (const reply of frame.trim().split("\n").map(line => JSON.parse(line))) if (s === socket) receive(reply);
      } catch (e) {
        if (s === socket) lost(5, "malformed frame: " + e.message);
      }
    };
    s.onclose = ({ code, reason }) => s === socket && lost(code, reason || "transport closed");
    s.onerror = () => s === socket && !live && lost(1006, "cannot connect"); // once open, onclose follows and says more
  }

  function connected(s, result) {
    state = "connected";
    since = Date.now();
    ({ client, data, ping, pong } = result);
    watch();
    renewLater(self, result, "refresh", {}, (code, reason) => lost(code, reason, true));
    for (const [id, command] of pending) if (!command.sent) transmit(id, command);
    emit("state", { state, code: 0, reason: "" });
    const subs = result.subs ?? {};
    for (const key in subs) if (s === socket) granted(key, subs[key]);
    for (const r of [...rooms.values()]) {
      if (s !== socket) return;
      if (r.granted && !subs[r.name]) {
        if (!r.own) end(r, 2000, "server unsubscribe");
        r.granted = false;
      }
      subscribe(r);
    }
  }

  function refused(e) {
    const renew = e.code === 109 && self.getToken;
    if (renew) self.token = undefined;
    lost(e.code, e.message, !e.temporary && !renew);
  }

  // Any frame is a sign of life.
  function watch(ms = ping && ping * 1000 + PATIENCE, code = 2, reason = "no ping") {
    clearTimeout(watchdog);
    if (ms) watchdog = setTimeout(lost, ms, code, reason);
  }

  function lost(code, reason, final = isFinal(code)) {
    const s = socket, before = state;
    state = final ? "disconnected" : "connecting";
    socket = client = null;
    live = false;
    out = "";
    ping = 0;
    [watchdog, retryTimer, self.timer].forEach(clearTimeout);
    self.turn = null;
    s?.close();
    if (code === 3014) forget(self);
    for (const r of rooms.values()) {
      suspend(r);
      if (code === 3014) forget(r);
    }
    if (before === "connected" && Date.now() - since > 1000) tries = 0; // a server that hangs up at once is not well
    if (!final) retryTimer = setTimeout(open, backoff(tries++));
    for (const [id, c] of pending) if (c.sent || final) settle(id, fault(code, "connection lost: " + reason, !final));
    if (final) {
      globalThis.removeEventListener?.("online", wake);
      for (const r of [...rooms.values()]) end(r, code || 8, reason);
    }
    if (before !== state) emit("state", { state, code, reason });
    if (code && (final || before === state)) emit("error", fault(code, reason, !final));
  }

  function wake() {
    if (!retryTimer) return;
    clearTimeout(retryTimer);
    open();
  }

  // A token of its own stays when there is no way to get another one.
  function forget(it) {
    if (it.getToken) it.token = undefined;
    it.epoch = undefined;
  }

  // Gets a new token when this one's time is over; for the connection and for a room alike.
  function renewLater(it, { expires, ttl }, method, params, give) {
    clearTimeout(it.timer);
    if (!expires || !ttl || !it.getToken) return;
    const turn = it.turn = {};
    const current = f => value => it.turn === turn && f(value);
    const schedule = ms => it.timer = setTimeout(renew, Math.min(ms, MAX_TIMER));
    const again = e => {
      schedule(TIMEOUT * (1 + Math.random()));
      it.emit("error", e);
    };
    const renew = () => fetchToken(it).then(current(token => {
      if (!token) return give(1, "unauthorized");
      it.token = token;
      call(method, { ...params, token }, (e, result) => current(() => {
        if (!e) renewLater(it, result, method, params, give);
        else if (e.temporary) again(e);
        else give(e.code, e.message);
      })());
    }), current(again));
    schedule(ttl * 1000);
  }

  // ---- what the server says

  function receive(reply) {
    const { id, error, push } = reply;
    if (id) {
      const method = pending.get(id)?.method;
      settle(id, error && fault(error.code, error.message, !!error.temporary), reply[method]);
    } else if (push) {
      receivePush(push, rooms.get(push.channel));
    } else if (pong) {
      write("{}");
    }
  }

  function receivePush({ channel, pub, join, leave, message, subscribe: grant, unsubscribe, disconnect }, r) {
    if (message) emit("message", message.data);
    else if (disconnect) lost(disconnect.code, disconnect.reason);
    else if (grant) granted(channel, grant);
    else if (r?.state !== "subscribed") return; // meant for an earlier subscription of this name
    else if (pub) isNew(r, pub) && r.emit("publication", toPublication(pub, false));
    else if (join) r.emit("join", toMember(join.info));
    else if (leave) r.emit("leave", toMember(leave.info));
    else if (unsubscribe) {
      const { code, reason } = unsubscribe;
      if (code < 2500 || r.granted) return end(r, code, reason);
      suspend(r);
      if (code === 2502) forget(r);
      subscribe(r);
    }
  }

  // Moves the room's position; false when the publication's id came before.
  function isNew(r, { offset, tags }) {
    if (offset > r.offset) r.offset = offset;
    const id = tags?.id;
    if (id == null) return true;
    if (r.ids.has(id)) return false;
    r.ids.add(id);
    if (r.ids.size > KEPT_IDS) r.ids.delete(r.ids.values().next().value);
    return true;
  }

  // ---- rooms: subscribing → subscribed → … → unsubscribed; an unsubscribed room is forgotten

  function createRoom(key, { data, token, getToken, joinLeave = true }, own) {
    const { on, emit } = events();
    const channel = key;
    const r = { name: key, data, token, getToken, joinLeave, own, emit };
    Object.assign(r, { state: "subscribing", tries: 0, ids: new Set(), waiting: [] });
    r.room = {
      name: key,
      get state() { return r.state; },
      on,
      ready: () => new Promise((resolve, reject) => {
        if (r.state === "subscribed") resolve(r.room);
        else if (r.error) reject(r.error);
        else r.waiting.push([resolve, reject]);
      }),
      publish: data => request("publish", { channel, data }),
      presence: () => request("presence", { channel }, ({ presence = {} }) =>
        Object.fromEntries(Object.entries(presence).map(([id, member]) => [id, toMember(member)]))),
      presenceStats: () => request("presence_stats", { channel }, it =>
        ({ numClients: it.num_clients, numUsers: it.num_users })),
      history: ({ limit, since, reverse } = {}) => request("history", { channel, limit, since, reverse }, h =>
        ({ publications: (h.publications ?? []).map(p => toPublication(p, false)), epoch: h.epoch, offset: h.offset })),
      leave: () => quit(r, 0, "left"),
    };
    rooms.set(key, r);
    return r;
  }

  const position = r => ({ recover: true, epoch: r.epoch || undefined, offset: r.offset || undefined });

  function subscribe(r) {
    if (!live || r.state !== "subscribing" || r.turn || r.granted) return;
    const turn = r.turn = {}; // whatever comes back in another turn is stale
    const retry = e => {
      if (e.code === 109) r.token = undefined;
      r.turn = null;
      r.timer = setTimeout(subscribe, backoff(r.tries++), r);
      r.emit("error", e);
    };
    const refuse = (code, reason) => {
      end(r, code, reason);
      r.emit("error", r.error);
    };
    const send = () => call("subscribe", {
      channel: r.name, token: r.token || undefined, data: r.data,
      positioned: true, recoverable: true, join_leave: r.joinLeave || undefined,
      ...(r.epoch != null && position(r)),
    }, (e, result) => {
      if (r.turn !== turn) return;
      if (!e) subscribed(r, result);
      else if (e.code === 3) lost(3, e.message);
      else if (e.temporary || (e.code === 109 && r.getToken)) retry(e);
      else refuse(e.code, e.message);
    });
    if (r.token != null || !r.getToken) return send();
    fetchToken(r).then(token => {
      if (r.turn !== turn) return;
      if (token == null) return refuse(1, "unauthorized");
      r.token = token;
      send();
    }, e => r.turn === turn && retry(e));
  }

  function subscribed(r, result) {
    if (r.state === "unsubscribed") return;
    const { recovered = false, was_recovering: wasRecovering = false, data, publications = [] } = result;
    r.state = "subscribed";
    r.tries = 0;
    r.turn = null;
    r.epoch = result.recoverable ? result.epoch ?? "" : undefined; // undefined: no position
    r.offset = result.offset ?? 0;
    renewLater(r, result, "sub_refresh", { channel: r.name }, (code, reason) => quit(r, code, reason));
    for (const [resolve] of r.waiting.splice(0)) resolve(r.room);
    const missed = publications.filter(p => isNew(r, p)).map(p => toPublication(p, recovered));
    r.emit("subscribed", { recovered, wasRecovering, data, publications: missed });
    for (const p of missed) if (r.state === "subscribed") r.emit("publication", p);
  }

  // The server put this connection into a room, in the connect reply or later.
  function granted(key, result) {
    const known = rooms.get(key), r = known ?? createRoom(key, {}, false);
    r.granted = true;
    if (!known) emit("room", r.room);
    subscribed(r, result);
  }

  function suspend(r) {
    clearTimeout(r.timer);
    r.turn = null;
    r.state = "subscribing";
  }

  function quit(r, code, reason) {
    if (r.state === "unsubscribed") return;
    const s = socket;
    if (live) call("unsubscribe", { channel: r.name }, e =>
      e && s === socket && lost(4, "unsubscribe failed: " + e.message));
    end(r, code, reason);
  }

  function end(r, code, reason) {
    suspend(r);
    rooms.delete(r.name);
    r.state = "unsubscribed";
    r.error = fault(code, reason);
    for (const [, reject] of r.waiting.splice(0)) reject(r.error);
    r.emit("unsubscribed", { code, reason });
  }

  globalThis.addEventListener?.("online", wake);
  queueMicrotask(() => state === "connecting" && open());

  return {
    get state() { return state; },
    get client() { return client; },
    get data() { return data; },
    on,
    room(key, roomOptions = {}) {
      const known = rooms.get(key), r = known ?? createRoom(key, roomOptions, true);
      r.own = true;
      if (state === "disconnected") end(r, 8, "connection closed");
      else if (!known) subscribe(r);
      return r.room;
    },
    rpc: (method, data) => request("rpc", { method, data }, result => result.data),
    send: data => void request("send", { data }).catch(e => emit("error", e)),
    close() {
      if (state === "disconnected") return;
      flush();
      lost(0, "closed", true);
    },
  };
}
