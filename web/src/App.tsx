import { useEffect } from "preact/hooks";
import { SignInPage } from "./account/SignInPage";
import * as parts from "./parts";
import { route } from "./router";
import { openReference } from "./session/reference";
import { session } from "./session/session";
import { Boundary } from "./ui/Boundary";
import { Lazy } from "./ui/Lazy";
import { Loading } from "./ui/Notice";
import { StoreBar } from "./ui/StoreBar";

const ACCOUNT_PAGES = ["complaint", "doctor", "install", "me", "password", "sessions"];

/** The page that the address names; what it throws does not take the app with it. */
export function App() {
  return (
    <Boundary where={route.value.path.join("/")}>
      <Pages />
    </Boundary>
  );
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
    // Not only the worker keeps the app: one inside WeChat has none, and what is needed later must be here before the
    // network goes.
    return role ? parts.fetchAhead(role) : undefined;
  }, [role]);

  if (first === "complaint" || first === "doctor") return <Lazy of={parts.account} props={{ page: first }} />;
  if (here === undefined)
    return (
      <main class="page">
        <StoreBar />
        <Loading />
      </main>
    );
  if (here === null || first === "sign-in") return <SignInPage />;
  if (here.mustChangePassword) return <Lazy of={parts.account} props={{ page: "password" }} />;
  if (first !== undefined && ACCOUNT_PAGES.includes(first)) return <Lazy of={parts.account} props={{ page: first }} />;
  if (first === "settings" || role === "admin") return <Lazy of={parts.settings} props={{}} />;
  if (role === "office") return <Lazy of={parts.office} props={{}} />;
  if (first === "outbox") return <Lazy of={parts.outbox} props={{}} />;
  return role === "inspector" ? <Lazy of={parts.inspector} props={{}} /> : <Lazy of={parts.readers} props={{}} />;
}
