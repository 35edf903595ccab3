/// A check in a jar of its own, as an example.
@NullMarked
package com.example.checks;

import org.jspecify.annotations.NullMarked;
