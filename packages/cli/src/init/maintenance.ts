/** What makes nginx answer 503 with the page of `deploy maintenance`, but for who asks whether the application is well. Pure. */
export function maintenanceSite(deployTo: string, health = "/up"): string {
  return `  # deploy maintenance on
  set $maintenance "";
  if (-f ${deployTo}/shared/maintenance.html) { set $maintenance on; }
  if ($uri = ${health}) { set $maintenance ""; }
  if ($maintenance) { return 503; }
  error_page 503 @maintenance;
  location @maintenance {
    root ${deployTo}/shared;
    rewrite ^ /maintenance.html break;
    add_header Retry-After 120 always;
    add_header Cache-Control no-store always;
  }`;
}
