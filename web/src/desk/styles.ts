// One file of styles for the desk and for paper: each more would be a name in the start file.
import "./desk.css";
import "./print/print.css";
