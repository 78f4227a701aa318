import { MePage } from "../account/MePage";
export function Office() { return <MePage />; }
