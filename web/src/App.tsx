import { useEffect } from "preact/hooks";
import { SignInPage } from "./account/SignInPage";
import { route } from "./router";
import { openReference } from "./session/reference";
import { session } from "./session/session";
import { loadAnswer } from "./answer/load";
import { loadPoint, loadRecords } from "./inspector/load";
import { Boundary } from "./ui/Boundary";
import { Lazy } from "./ui/Lazy";
import { Loading } from "./ui/Notice";

const ACCOUNT_PAGES = ["complaint", "doctor", "install", "me", "password", "sessions"];
const loadAccount = () => import("./account/Account").then((part) => part.Account);
const loadOutbox = () => import("./outbox/OutboxPage").then((part) => part.OutboxPage);
const loadInspector = () => import("./inspector/Inspector").then((part) => part.Inspector);
const loadReaders = () => import("./unit/Readers").then((part) => part.Readers);
/** The office's screens are large, and phones never load them. */
const loadOffice = () => import("./office/Office").then((part) => part.Office);
const loadSettings = () => import("./office/settings/OfficeSettings").then((part) => part.OfficeSettings);

/** The page that the address names; what it throws does not take the app with it. */
export function App() {
  return <Boundary where={route.value.path.join("/")}><Pages /></Boundary>;
}

/** Chooses the page by the address and by who is signed in. */
function Pages() {
  const here = session.value;
  const [first] = route.value.path;
  useEffect(() => {
    // Reference data belongs to a session; it is fetched when one begins.
    if (here && !here.mustChangePassword) openReference().catch(() => undefined);
  }, [here?.user.id, here?.mustChangePassword]);
  const role = here?.user.role;
  useEffect(() => {
    if (role !== "inspector" && role !== "unit") return;
    // An app inside WeChat has no service worker: what is needed later must be here before the network goes.
    const timer = setTimeout(() => void Promise.all([loadOutbox(), loadAnswer(), loadAccount(), ...(role === "inspector" ? [loadRecords(), loadPoint()] : [])]).catch(() => undefined), 3_000);
    return () => clearTimeout(timer);
  }, [role]);

  if (first === "complaint" || first === "doctor") return <Lazy name="account" load={loadAccount} props={{ page: first }} />;
  if (here === undefined) return <Loading />;
  if (here === null || first === "sign-in") return <SignInPage />;
  if (here.mustChangePassword) return <Lazy name="account" load={loadAccount} props={{ page: "password" }} />;
  if (first !== undefined && ACCOUNT_PAGES.includes(first)) return <Lazy name="account" load={loadAccount} props={{ page: first }} />;
  if (first === "settings" || role === "admin") return <Lazy name="settings" load={loadSettings} props={{}} />;
  if (role === "office") return <Lazy name="office" load={loadOffice} props={{}} />;
  if (first === "outbox") return <Lazy name="outbox" load={loadOutbox} props={{}} />;
  return role === "inspector" ? <Lazy name="inspector" load={loadInspector} props={{}} /> : <Lazy name="readers" load={loadReaders} props={{}} />;
}
