/** The state of the exchange with the district, kept fresh while the window is open. */
import { useQuery } from "@tanstack/vue-query";

import { unwrap, useBackend } from "@/backend";

/** Sending goes on in the background and is told by no event, so it is looked at now and then. */
const EVERY = 5_000;

export function useStatus() {
  const backend = useBackend();
  const { data: status } = useQuery({
    queryKey: ["status"],
    queryFn: async () => unwrap(await backend.status()),
    refetchInterval: EVERY,
  });
  return { status };
}
