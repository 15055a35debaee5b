# shellcheck shell=bash disable=SC2034,SC2154 # the lists of servers are read by tests/tls/servers.sh
# Sourced by run.sh: HAProxy, nginx and Caddy, each with plain HTTP and with TLS that offers HTTP/2, in one folder, on
# free ports of 127.0.0.1. Their answer depends only on the path:
#
#     .../public/s413-ANYTHING/...        413 at once, before the upload has arrived; likewise 401, 403 and 429
#     /prefix/PORT/PATH                   /PATH at 127.0.0.1:PORT, with the gateway's host and port in Host
#     /internal/PORT/PATH                 /PATH at 127.0.0.1:PORT, with internal.example:PORT in Host
#     any other path                      404
#
# Each writes an access log, NAME.log, with the protocol, the path and the status of each request.

. "$(dirname "${BASH_SOURCE[0]}")/../tls/servers.sh"

https_servers="haproxy_https nginx_https caddy_https"
http_servers="haproxy_http nginx_http caddy_http"
other_servers=
early_statuses="401 403 413 429"

# ---- HAProxy ----

write_haproxy_rules() {
    local status
    echo "    http-request set-var(txn.path) path"
    for status in $early_statuses; do
        echo "    http-request deny deny_status $status if { path_sub /s$status- }"
    done
    cat <<'END'
    http-request deny deny_status 404 unless { path_beg /prefix/ /internal/ }
    http-request set-dst ipv4(127.0.0.1)
    http-request set-dst-port path,field(3,/)
    http-request set-header Host internal.example:%[path,field(3,/)] if { path_beg /internal/ }
    http-request replace-path /[a-z]+/[0-9]+(/.*) \1
    use_backend any_port
END
}

write_haproxy_settings() {
    cat <<END
global
    log stdout format raw local0
defaults
    mode http
    log global
    log-format "%HV %HM %[var(txn.path)] %ST bytes=%U"
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend gateway
    bind 127.0.0.1:$(port_of haproxy_http)
    bind 127.0.0.1:$(port_of haproxy_https) ssl crt $PWD/good_and_key.pem alpn h2,http/1.1
$(write_haproxy_rules)
backend any_port
    server any 0.0.0.0:0
END
}

start_haproxy() {
    cat good.pem good.key >good_and_key.pem
    write_haproxy_settings >haproxy.conf
    ln -sf haproxy_http.out haproxy.log # launch redirects the output to this file
    launch haproxy_http haproxy -db -f haproxy.conf
}

# ---- nginx ----

write_nginx_locations() {
    local status
    for status in 401 403 429; do
        echo "location ~ /s$status- { return $status; }"
    done
    cat <<'END'
location ~ /s413- { client_max_body_size 1k; proxy_pass http://127.0.0.1:1; }
location ~ ^/prefix/(\d+)(/.*)$ {
    proxy_pass http://127.0.0.1:$1$2$is_args$args;
    proxy_set_header Host $http_host;
}
location ~ ^/internal/(\d+)(/.*)$ {
    proxy_pass http://127.0.0.1:$1$2$is_args$args;
    proxy_set_header Host internal.example:$1;
}
END
}

write_gateway_settings() {
    write_nginx_head gateway
    cat <<END
    log_format gateway '\$server_protocol \$request_method \$uri \$status bytes=\$request_length';
    access_log $PWD/nginx.log gateway;
    server {
        listen 127.0.0.1:$(port_of nginx_http);
        listen 127.0.0.1:$(port_of nginx_https) ssl http2;
        $(write_nginx_locations)
    }
}
END
}

start_gateway_nginx() {
    mkdir -p nginx.temp
    write_gateway_settings >gateway.conf
    launch nginx_http nginx -e "$PWD/gateway.error.log" -c "$PWD/gateway.conf"
}

# ---- Caddy ----

write_caddy_rules() {
    local status
    for status in $early_statuses; do
        echo "    @early$status path */s$status-*"
        echo "    respond @early$status \"turned away\" $status"
    done
    cat <<END
    @prefix path_regexp target ^/(prefix)/([0-9]+)/
    handle @prefix {
        uri strip_prefix /prefix/{re.target.2}
        reverse_proxy 127.0.0.1:{re.target.2}
    }
    @internal path_regexp target ^/(internal)/([0-9]+)/
    handle @internal {
        uri strip_prefix /internal/{re.target.2}
        reverse_proxy 127.0.0.1:{re.target.2} {
            header_up Host internal.example:{re.target.2}
        }
    }
    respond 404
    log {
        output file $PWD/caddy.log
        format json
    }
END
}

write_caddy_settings() {
    cat <<END
{
    admin off
    auto_https off
    storage file_system $PWD/caddy.storage
}
(gateway) {
    bind 127.0.0.1
$(write_caddy_rules)
}
http://:$(port_of caddy_http) {
    import gateway
}
https://:$(port_of caddy_https) {
    tls $PWD/good.pem $PWD/good.key
    import gateway
}
END
}

start_caddy() {
    write_caddy_settings >Caddyfile
    : >caddy.log # Caddy creates it only at the first request
    XDG_CONFIG_HOME=$PWD launch caddy_http caddy run --adapter caddyfile --config Caddyfile
}

# ---- All together ----

start_gateways_on_some_ports() {
    choose_ports
    start_haproxy && start_gateway_nginx && start_caddy
}

# gateways_start FOLDER: if another process has taken a port, tries again with other ports.
gateways_start() {
    local try
    cd "$1" || return 1
    make_certificates "$1"
    for try in 1 2 3; do
        start_gateways_on_some_ports && return 0
        echo "The gateways did not start (attempt $try):" >&2
        tail -n 5 ./*.out ./*.error.log >&2
        servers_stop
    done
    return 1
}
