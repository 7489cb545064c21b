import { createServer } from "node:http";
import express from "express";
import { createGate } from "maintenance-mode";
import { expressMaintenance } from "maintenance-mode/express";
import { guard } from "maintenance-mode/node";

const gate = createGate();
const app = express();
app.use(expressMaintenance(gate));
app.get("/", (_request, response) => void response.send(`closed: ${response.locals.maintenance.isClosed}`));
const server = createServer(app);
if (process.env.GUARD === "1") guard(server, gate);
server.listen(Number(process.env.PORT), "127.0.0.1");
