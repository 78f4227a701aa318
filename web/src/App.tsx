import { useEffect } from "preact/hooks";
import { isAccountPage } from "./account/pages";
import { LoginPage } from "./account/LoginPage";
import * as parts from "./parts";
import { myRole } from "./roles";
import { route } from "./router";
import { openReference } from "./session/reference";
import { session } from "./session/session";
import { ErrorBoundary } from "./ui/ErrorBoundary";
import { Lazy } from "./ui/Lazy";
import { Loading } from "./ui/Notice";
import { StorageBar } from "./ui/StorageBar";

/** Draws the page that the address names. If that page throws, the rest of the app stays up. */
export function App() {
  return (
    <ErrorBoundary where={route.value.path.join("/")}>
      <Pages />
    </ErrorBoundary>
  );
}

/** Chooses the page by the address and by who is signed in. */
function Pages() {
  const here = session.value;
  const [first] = route.value.path;
  useEffect(() => {
    // Reference data belongs to a session, so it is fetched when one begins.
    if (here && !here.mustChangePassword) openReference().catch(() => undefined);
  }, [here?.user.id, here?.mustChangePassword]);
  const role = here?.user.role;
  const mine = myRole();
  useEffect(() => {
    // A browser inside another app may have no service worker: what comes later must be here before the network goes.
    return role ? parts.fetchAhead(mine.pages, mine.ahead) : undefined;
  }, [role]);

  if (first === "complaint" || first === "doctor") return <Lazy of={parts.account} props={{ page: first }} />;
  if (here === undefined)
    return (
      <main class="page">
        <StorageBar />
        <Loading />
      </main>
    );
  if (first === "setup") return <Lazy of={parts.settings} props={{}} />;
  if (here === null || first === "login") return <LoginPage />;
  if (here.mustChangePassword) return <Lazy of={parts.account} props={{ page: "password" }} />;
  if (isAccountPage(first)) return <Lazy of={parts.account} props={{ page: first }} />;
  if (first === "settings") return <Lazy of={parts.settings} props={{}} />;
  // Open to every role: after a change of role there may still be records to send.
  if (first === "outbox") return <Lazy of={parts.outbox} props={{}} />;
  if (first === "notices") return <Lazy of={parts.notices} props={{}} />;
  return <Lazy of={mine.pages} props={{}} />;
}
