"""Days and times as people say them, in Chinese and English, resolved against a given moment.

Callers show what was understood, so that being predictable is worth more than being clever: a word
that is not known here is not understood, and what does not exist is said so, never mended.
`docs/days.md` lists every form with its meaning. The rules behind it:

===========================  ======================================================================
`周三`, `wed`                 the coming one, never today; looking back the last one, or today
`下周三`, `next wed`          that of the next week, even where the coming one is nearer; `本周三`
                             and `this wed` that of this week, `上周三` and `last wed` that of the
                             last one; weeks begin on Monday
`8月5日`, `Aug 5`, `8/5`       the next one, or today; looking back the last one, or today; `8/5` is
                             month and day
`5号`, `the 5th`              this month's, or next month's where it has passed; looking back this
                             month's, or last month's
`月初`, `月中`, `月底`, `eom`   likewise the 1st, the 15th and the last day; so are `年底`, `季度末`
`周末`, `weekend`             Saturday; `eow` and `end of week` are Friday, when the work ends
`下周`, `next month`          the first day of it
`一个月后`, `in a month`       the same day of that month, or its last where it has no such day;
                             `半个月` is 15 days
`三点`, `half past 3`         an hour from 1 to 6 that is said, not written as `3:00`, is in the
                             afternoon, unless a part of the day is named
`明天下午`                    the day without a time; `中午` and `noon` are 12:00
`15:00`                      today, or tomorrow where it has passed; looking back the last one
===========================  ======================================================================

The time never changes the day that is named: `周二 15:00` on a Tuesday morning is in a week.
"""
