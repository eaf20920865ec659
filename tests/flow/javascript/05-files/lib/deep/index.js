export { audit as forward } from '../runner.js';
