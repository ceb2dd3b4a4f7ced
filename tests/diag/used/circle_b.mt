mt 1

use "../used/circle_a.mt"
