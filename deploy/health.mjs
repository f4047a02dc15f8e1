/**
 * The health check of the router's container: `node health.mjs` fails unless `/ready` answers 200. It imports next to
 * nothing, because each container runs it every few seconds.
 */
import { connect } from "node:net";

const MILLISECONDS = 5_000;

const socket = connect(Number(process.env.PETPLUS_PORT || 4000), "127.0.0.1");
const fail = () => process.exit(1);
socket.setTimeout(MILLISECONDS, fail);
socket.on("error", fail);
socket.on("close", fail);
socket.on("data", (head) => process.exit(head.toString("latin1").split(" ", 2)[1] === "200" ? 0 : 1));
socket.write("GET /ready HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
