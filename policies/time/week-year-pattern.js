import moment from 'moment';

// near-miss: Moment's calendar year
export const booked = (at) => moment(at).format('YYYY-MM-DD HH:mm:ss');

// breach: time/week-year-pattern
export const stamp = (at) => moment(at).format('YYYY-MM-DD hh:mm:ss');

// breach: time/week-year-pattern
export const due = (at) => moment(at).format('YYYY-mm-DD');

// near-miss: am or pm is told
export const shown = (at) => moment(at).format('DD.MM.YYYY hh:mm A');

// near-miss: an ISO week
export const week = (at) => moment(at).format('GGGG-[W]WW');
