// SPDX-License-Identifier: Apache-2.0
// What the scripts share: the server that the build has started, a proxy whose connections can be cut, waiting.

import { connect as dial, createServer } from "node:net";
import { after } from "node:test";

const HOST = "127.0.0.1";

export const port = Number(process.env.SERVER_PORT);

/** Another node of the same application, or the same one: what is said from outside goes there, recoveries too. */
const other = Number(process.env.OTHER_PORT ?? port);

let rooms = 0;

/** A room that nobody has been in. */
export const newRoom = (namespace = "chat") => `${namespace}:js-${process.pid}-${++rooms}`;

/** A TCP proxy: `cut()` resets its connections and accepts none until `restore()`, which leads to the other node. */
export async function proxy(target = port, later = other) {
  const sockets = new Set();
  let down = false;
  const track = socket => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer(near => {
    track(near);
    if (down) return near.resetAndDestroy();
    const far = dial(target, HOST);
    track(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise(resolve => server.listen(0, HOST, resolve));
  const cut = () => {
    down = true;
    sockets.forEach(socket => socket.resetAndDestroy());
  };
  after(() => {
    cut();
    server.close();
  });
  const restore = () => {
    down = false;
    target = later;
  };
  return { port: server.address().port, cut, restore };
}

/** Collects events of an emitter, so that none is missed. */
export function record(emitter, ...events) {
  const seen = Object.fromEntries(events.map(event => [event, []]));
  for (const event of events) emitter.on(event, context => seen[event].push(context));
  return seen;
}

/** Waits until a condition holds, and gives its value. */
export async function until(condition, what = condition.toString(), ms = 10000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error("Not within " + ms + " ms: " + what);
    await pause(20);
  }
}

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Asks the build to do something with the server, for instance to restart it. */
export async function control(action) {
  const response = await fetch(`http://${HOST}:${process.env.CONTROL_PORT}/${action}`, { method: "POST" });
  if (!response.ok) throw new Error(action + ": " + await response.text());
}

/** Says something in a chat room from outside. */
export async function say(room, text, server = other) {
  const response = await fetch(`http://${HOST}:${server}/api/rooms/${room.replace(/^chat:/, "")}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  if (response.status !== 201) throw new Error("status " + response.status);
  return response.json();
}
