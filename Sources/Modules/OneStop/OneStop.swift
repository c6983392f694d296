// OneStop
