# A group of Memcachier nodes behind an internal load balancer, which asks /api/v1/health/ready. The image has no driver for EC2's
# network card (ENA) yet, so its nodes never become healthy.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "image_id" {
  description = "What register.sh printed."
  type        = string
}

variable "instance_type" {
  type    = string
  default = "m7i.large"
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "size" {
  type    = number
  default = 2
}

variable "drain_seconds" {
  description = "How long a node that has to go still serves the connections it has."
  type        = number
  default     = 30
}

variable "client_cidr" {
  description = "Who may use ports 11211 and 8080."
  type        = string
  default     = "10.0.0.0/8"
}

variable "user_data" {
  description = "Settings, docs/settings.md."
  type        = string
  default     = "#memcachier\nconn_limit: 4096\n"
}

resource "aws_security_group" "clients" {
  name_prefix = "memcachier-"
  description = "memcached and the management API"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = [11211, 8080]
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [var.client_cidr]
    }
  }
}

resource "aws_launch_template" "node" {
  name_prefix            = "memcachier-"
  image_id               = var.image_id
  instance_type          = var.instance_type
  vpc_security_group_ids = [aws_security_group.clients.id]
  user_data              = base64encode(var.user_data)

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  tag_specifications {
    resource_type = "instance"
    tags = {
      Name    = "memcachier"
      Service = "memcachier"
    }
  }
}

resource "aws_lb" "nodes" {
  name_prefix        = "mc-"
  load_balancer_type = "network"
  internal           = true
  subnets            = var.subnet_ids
}

resource "aws_lb_target_group" "nodes" {
  name_prefix          = "mc-"
  vpc_id               = var.vpc_id
  protocol             = "TCP"
  port                 = 11211
  deregistration_delay = var.drain_seconds

  health_check {
    protocol            = "HTTP"
    port                = "8080"
    path                = "/api/v1/health/ready"
    interval            = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "memcached" {
  load_balancer_arn = aws_lb.nodes.arn
  protocol          = "TCP"
  port              = 11211

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.nodes.arn
  }
}

resource "aws_autoscaling_group" "nodes" {
  name_prefix               = "memcachier-"
  min_size                  = var.size
  max_size                  = var.size
  vpc_zone_identifier       = var.subnet_ids
  target_group_arns         = [aws_lb_target_group.nodes.arn]
  health_check_type         = "ELB"
  health_check_grace_period = 30

  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }

  # A node that has to go gets no new connections and waits this long; then EC2 presses its power button, and it drains for
  # 10 s more.
  initial_lifecycle_hook {
    name                 = "drain"
    lifecycle_transition = "autoscaling:EC2_INSTANCE_TERMINATING"
    heartbeat_timeout    = var.drain_seconds
    default_result       = "CONTINUE"
  }

  depends_on = [aws_lb_listener.memcached]
}

output "address" {
  value = aws_lb.nodes.dns_name
}
