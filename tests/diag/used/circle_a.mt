mt 1

use "circle_b.mt"
