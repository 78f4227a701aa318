DROP TABLE notice_mutes;
DROP TABLE notice_marks;
DROP TABLE notices;
DROP TABLE notice_recipients;
DROP TABLE outbox;
