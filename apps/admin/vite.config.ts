/** The admin, served at `/admin`. In development Vite serves it, and passes requests to the graph on to `petplus up`. */
import { settings } from "../vite.shared.ts";

export default settings({ folder: import.meta.dirname, base: "/admin/", port: 4101 });
