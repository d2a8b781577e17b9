#!/usr/bin/env bash
# The loop that people use to bring deleted objects back: `aws s3api` for each page of versions, and again to delete
# the markers of that page. Wants AWS, PYTHON, ENDPOINT, BUCKET and PREFIX.
set -euo pipefail

page=$(mktemp)
markers=$(mktemp)
trap 'rm -f "$page" "$markers"' EXIT
from=()
while :; do
    "$AWS" s3api list-object-versions --endpoint-url "$ENDPOINT" --bucket "$BUCKET" --prefix "$PREFIX" \
        --no-paginate "${from[@]}" --output json >"$page"
    # The markers of the page as delete-objects takes them; how many, and where the next page begins.
    {
        read -r count
        read -r key
        read -r version
    } < <("$PYTHON" - "$page" "$markers" <<'PYTHON'
import json, sys

page = json.load(open(sys.argv[1]))
latest = [marker for marker in page.get("DeleteMarkers", []) if marker["IsLatest"]]
objects = [{"Key": marker["Key"], "VersionId": marker["VersionId"]} for marker in latest]
json.dump({"Objects": objects, "Quiet": True}, open(sys.argv[2], "w"))
print(len(objects), page.get("NextKeyMarker", ""), page.get("NextVersionIdMarker", ""), sep="\n")
PYTHON
    )
    if [ "$count" -gt 0 ]; then
        "$AWS" s3api delete-objects --endpoint-url "$ENDPOINT" --bucket "$BUCKET" --delete "file://$markers" >/dev/null
    fi
    [ -n "$key" ] || break
    from=(--key-marker "$key" --version-id-marker "$version")
done
