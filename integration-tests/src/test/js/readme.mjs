// SPDX-License-Identifier: Apache-2.0
// Runs the plain client of the README: waits until it is connected, says something, and prints what it prints.

import { readFile } from "node:fs/promises";
import { WebSocket } from "ws";
import { until } from "./support.mjs";

globalThis.WebSocket ??= WebSocket;
const printed = [];
const page = { log: (...values) => printed.push(["log", ...values]), error: (...values) => printed.push(["error", ...values]) };
const source = await readFile(process.argv[2], "utf8");
const { ws, say } = new Function("console", source + "\nreturn { ws, say };")(page);
await new Promise(resolve => ws.addEventListener("message", resolve, { once: true }));
say({ text: "hello from the README" });
await until(() => printed.length, "something printed");
console.log(JSON.stringify(printed));
ws.close();
