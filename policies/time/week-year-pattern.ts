import { format, parse } from 'date-fns';

// breach: time/week-year-pattern
export const booked = (at: Date): string => format(at, 'YYYY-MM-DD');

// near-miss: calendar date, 24 hours
export const value = (at: Date): string => format(at, 'yyyy-MM-dd HH:mm:ss');

// breach: time/week-year-pattern
export const stamp = (text: string): Date => parse(text, 'yyyy-MM-dd hh:mm', new Date());

// near-miss: am or pm is told
export const shown = (at: Date): string => format(at, 'dd.MM.yyyy hh:mm a');

// near-miss: a text for people
export const hint = 'Enter the date as YYYY-MM-DD';
