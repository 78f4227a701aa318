/** The forms of all steps, fetched when one is opened or when there is time. */
export const loadAnswer = () => import("./AnswerPage").then((part) => part.AnswerPage);
