import type { ComponentType } from "preact";
import { session } from "../session/session";
import { addTexts } from "../texts";
import { zhAccount } from "../texts/zh/account";
import { ComplaintPage } from "./ComplaintPage";
import { DoctorPage } from "./DoctorPage";
import { InstallPage } from "./InstallPage";
import { MePage } from "./MePage";
import type { AccountPage } from "./pages";
import { PasswordPage } from "./PasswordPage";
import { SessionsPage } from "./SessionsPage";
import "../texts/withForms";

addTexts(zhAccount);

const PAGES: Record<AccountPage, ComponentType> = {
  complaint: ComplaintPage,
  doctor: DoctorPage,
  install: InstallPage,
  me: MePage,
  password: () => <PasswordPage isForced={false} />,
  sessions: SessionsPage,
};

/** Pages about the person and the device, fetched when the first of them is opened. */
export function AccountPages({ page }: { page: AccountPage }) {
  if (session.value?.mustChangePassword && page !== "complaint" && page !== "doctor") return <PasswordPage isForced />;
  const Page = PAGES[page];
  return <Page />;
}
