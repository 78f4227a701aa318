import { session } from "../session/session";
import { addTexts } from "../texts";
import { zhAccount } from "../texts/zhAccount";
import { ComplaintPage } from "./ComplaintPage";
import { DoctorPage } from "./DoctorPage";
import { InstallPage } from "./InstallPage";
import { MePage } from "./MePage";
import { PasswordPage } from "./PasswordPage";
import { SessionsPage } from "./SessionsPage";
import "../texts/withForms";

addTexts(zhAccount);

/** Pages about the person and the device, which every role has; fetched when they are first opened. */
export function Account({ page }: { page: string }) {
  if (session.value?.mustChangePassword && page !== "complaint" && page !== "doctor") return <PasswordPage isForced />;
  switch (page) {
    case "complaint":
      return <ComplaintPage />;
    case "doctor":
      return <DoctorPage />;
    case "install":
      return <InstallPage />;
    case "password":
      return <PasswordPage isForced={false} />;
    case "sessions":
      return <SessionsPage />;
    default:
      return <MePage />;
  }
}
