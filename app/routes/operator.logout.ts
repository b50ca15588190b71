import type { ActionFunctionArgs } from "@remix-run/node";
import { leaveTo, logOut } from "~/operator/login.server";

/** POST: ends the session. */
export const action = ({ request }: ActionFunctionArgs) => logOut(request);

/** An address that was typed ends nothing. */
export const loader = () => leaveTo();
